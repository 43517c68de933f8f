using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Devices.Common.Sources;

/// <summary>
/// A source of message interrupts that does nothing else: queues that each send at a rate of their own, through an MSI-X
/// table as PCI has it. Registers: <see cref="MsiRegisters"/>, in words of four or eight bytes; other accesses fault.
/// What the configuration space of a PCI function has (enable, function mask) it has not: it is always enabled.
/// </summary>
/// <remarks>A message of a masked entry sets the entry's pending bit; further ones are coalesced into it; unmasking sends one.</remarks>
public sealed class MsiDevice
{
    public const int MaximumQueues = 256;

    public const ulong WindowSize = MsiRegisters.End;

    private const int PendingWords = MaximumQueues / 64;
    private const int NoLine = -1;

    private readonly IDeviceHost _host;
    private readonly IMessageSender _sender;
    private readonly RaiseSchedule[] _queues;
    private readonly MsixTable _table;

    /// <param name="host">Takes a timer of each queue, numbered as the queues.</param>
    /// <param name="sender">Takes the messages.</param>
    /// <param name="queues">1 to 256.</param>
    public MsiDevice(IDeviceHost host, IMessageSender sender, int queues)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(queues, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(queues, MaximumQueues);
        _host = host;
        _sender = sender;
        _queues = new RaiseSchedule[queues];
        for (var queue = 0; queue < queues; queue++)
        {
            _queues[queue] = new RaiseSchedule(host, queue);
        }

        _table = new MsixTable(queues, PendingWords);
    }

    public int Queues => _queues.Length;

    /// <summary>The table's entry of a queue; an empty one where the device has no such queue.</summary>
    public MsiEntry EntryOf(int queue) => (uint)queue < (uint)_queues.Length ? _table[queue] : default;

    /// <summary>Whether the whole access lies in the device. Only such accesses may be made.</summary>
    public static bool Covers(ulong offset, int size) => offset < WindowSize && (ulong)size <= WindowSize - offset;

    public AccessOutcome Read(ulong offset, int size, out ulong value)
    {
        if (!WordAccess.IsOne(offset, size, WindowSize))
        {
            value = 0;
            return Fault(offset, size, isWrite: false);
        }

        value = WordAccess.Extract(Register(WordAccess.RegisterOf(offset)), offset, size);
        return AccessOutcome.Done;
    }

    public AccessOutcome Write(ulong offset, int size, ulong value, VirtualTime now)
    {
        if (!WordAccess.IsOne(offset, size, WindowSize))
        {
            return Fault(offset, size, isWrite: true);
        }

        var register = WordAccess.RegisterOf(offset);
        var merged = WordAccess.Merge(Register(register), offset, size, value);
        if (register < MsiRegisters.QueuesEnd)
        {
            WriteQueue(register / MsiRegisters.QueueStride, register % MsiRegisters.QueueStride, merged, now);
        }
        else if (register is >= MsiRegisters.Table and < MsiRegisters.TableEnd)
        {
            WriteEntry((register - MsiRegisters.Table) / MsiRegisters.EntryBytes, register % MsiRegisters.EntryBytes, merged);
        }

        return AccessOutcome.Done;
    }

    /// <summary>The timer of a queue ran out.</summary>
    public void Expire(int queue, VirtualTime now) => Send(queue, _queues[queue].Expire(now));

    /// <summary>All state, as rows without side effects: the armed timers are rows of the caller's.</summary>
    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        for (var queue = 0; queue < _queues.Length; queue++)
        {
            sync.Begin("queue", queue);
            _queues[queue].SyncState(sync);
            _table.SyncState(sync, queue);
            sync.End();
            if (sync.Loading)
            {
                _table.CheckEntry("queue", queue);
            }
        }

        _table.SyncPending(sync);
    }

    /// <summary>Registers of queues that the device has not read 0.</summary>
    private ulong Register(int register)
    {
        if (register >= MsiRegisters.PendingBits)
        {
            return _table.PendingWord((register - MsiRegisters.PendingBits) / sizeof(ulong));
        }

        if (register < MsiRegisters.QueuesEnd)
        {
            var queue = register / MsiRegisters.QueueStride;
            return queue < _queues.Length ? QueueRegister(_queues[queue], register % MsiRegisters.QueueStride) : 0;
        }

        var entry = (register - MsiRegisters.Table) / MsiRegisters.EntryBytes;
        return register < MsiRegisters.Table || entry >= _queues.Length ? 0 : _table.Read(entry, register % MsiRegisters.EntryBytes);
    }

    private static ulong QueueRegister(RaiseSchedule queue, int register) => register switch
    {
        MsiRegisters.Control => queue.Control,
        MsiRegisters.Period => queue.Period,
        MsiRegisters.Count => queue.Count,
        MsiRegisters.Sent => queue.Raised,
        _ => queue.Burst,
    };

    private void WriteQueue(int queue, int register, ulong value, VirtualTime now)
    {
        if (queue >= _queues.Length)
        {
            return;
        }

        switch (register)
        {
            case MsiRegisters.Control:
                Send(queue, _queues[queue].WriteControl((uint)value, now));
                break;
            case MsiRegisters.Period:
                _queues[queue].Period = value;
                break;
            case MsiRegisters.Count:
                _queues[queue].Count = value;
                break;
            case MsiRegisters.Sent:
                _queues[queue].Raised = value;
                break;
            default:
                _queues[queue].Burst = (uint)Math.Min(value, uint.MaxValue);
                break;
        }
    }

    private void WriteEntry(int entry, int register, ulong value)
    {
        if (entry < _queues.Length && _table.Write(entry, register, value))
        {
            Leave(entry);
        }
    }

    private void Send(int queue, uint times)
    {
        for (; times > 0; times--)
        {
            if (!_table.IsMasked(queue))
            {
                Leave(queue);
                continue;
            }

            Report(_table.Hold(queue) ? ReportKind.Masked : ReportKind.Coalesced, queue, 0);
        }
    }

    private void Leave(int queue)
    {
        var (address, data, _) = _table[queue];
        Report(ReportKind.Raised, queue, data);
        _sender.Send(queue, address, data);
    }

    private AccessOutcome Fault(ulong offset, int size, bool isWrite)
    {
        Report(ReportKind.Refused, NoLine, AccessDetail.Of(offset, size, isWrite));
        return AccessOutcome.Fault;
    }

    private void Report(ReportKind kind, int line, ulong detail)
    {
        if (_host.Listening)
        {
            _host.Report(new DeviceReport(kind, line, detail));
        }
    }
}
