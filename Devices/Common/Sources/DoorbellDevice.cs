using System.Numerics;
using Trapline.Messages.State;

namespace Trapline.Devices.Common.Sources;

/// <summary>
/// A device by which virtual machines interrupt one another, after QEMU's ivshmem-doorbell without the shared memory: a write
/// to DOORBELL writes an eventfd of the peer that it names, whose VMM then sends the message of that vector's MSI-X entry.
/// Registers: <see cref="DoorbellRegisters"/>, in words of four or eight bytes; other accesses fault.
/// </summary>
/// <remarks>
/// A vector's eventfd is a counter that its VMM reads to 0: rings that come before it has read are one. A write that names a
/// peer or a vector that does not exist does nothing, and nobody is told (ivshmem_io_write in QEMU's hw/misc/ivshmem-pci.c).
/// </remarks>
public sealed class DoorbellDevice
{
    public const int MaximumVectors = 64;

    public const ulong WindowSize = DoorbellRegisters.End;

    private const int NoLine = -1;

    private readonly IDeviceHost _host;
    private readonly IMessageSender _sender;
    private readonly IDoorbellPeers _line;
    private readonly MsixTable _table;
    private readonly int _position;
    private readonly int _peers;

    // One bit for each vector whose eventfd is not 0.
    private ulong _signalled;

    /// <param name="host">Takes the reports; the device has no pins and no timers.</param>
    /// <param name="sender">Takes the messages, which interrupt its own machine.</param>
    /// <param name="line">Takes the rings, which go to other machines.</param>
    /// <param name="position">Its number among its peers, from 0.</param>
    /// <param name="peers">How many there are, itself included; each has as many vectors as this one.</param>
    /// <param name="vectors">1 to <see cref="MaximumVectors"/>.</param>
    public DoorbellDevice(IDeviceHost host, IMessageSender sender, IDoorbellPeers line, int position, int peers, int vectors)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vectors, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(vectors, MaximumVectors);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(peers, 1 << 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)position, (uint)peers, nameof(position));
        (_host, _sender, _line, _position, _peers) = (host, sender, line, position, peers);
        Vectors = vectors;
        _table = new MsixTable(vectors, pendingWords: 1);
    }

    public int Vectors { get; }

    /// <summary>Rings that wait behind the mask of their entry.</summary>
    public int Masked => _table.Waiting;

    /// <summary>Rings whose eventfd nobody has read yet.</summary>
    public int Signalled => BitOperations.PopCount(_signalled);

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

    public AccessOutcome Write(ulong offset, int size, ulong value)
    {
        if (!WordAccess.IsOne(offset, size, WindowSize))
        {
            return Fault(offset, size, isWrite: true);
        }

        var register = WordAccess.RegisterOf(offset);
        if (offset + (ulong)size == DoorbellRegisters.Doorbell + sizeof(uint))
        {
            // Of eight bytes the upper word is the doorbell's; the lower one is IVPOSITION, which is not written.
            Ring((uint)(size == sizeof(ulong) ? value >> 32 : value));
        }
        else if (EntryOf(register) is >= 0 and var entry)
        {
            WriteEntry(entry, register % MsiRegisters.EntryBytes, WordAccess.Merge(Register(register), offset, size, value));
        }

        return AccessOutcome.Done;
    }

    /// <summary>A peer has written the eventfd of a vector.</summary>
    /// <returns>True if it was 0 before, so that the VMM is woken; false if it is about to read it anyway.</returns>
    public bool Signal(int vector)
    {
        var bit = 1UL << Known(vector);
        if ((_signalled & bit) != 0)
        {
            Report(ReportKind.Coalesced, vector, 0);
            return false;
        }

        _signalled |= bit;
        return true;
    }

    /// <summary>The VMM reads the eventfd of a vector, which is 0 then, and sends the vector's message.</summary>
    public void Notify(int vector)
    {
        _signalled &= ~(1UL << Known(vector));
        if (_table.IsMasked(vector))
        {
            Report(_table.Hold(vector) ? ReportKind.Masked : ReportKind.Coalesced, vector, 0);
        }
        else
        {
            Leave(vector);
        }
    }

    /// <summary>All state, as rows without side effects.</summary>
    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Row("signalled", ref _signalled);
        for (var vector = 0; vector < Vectors; vector++)
        {
            sync.Begin("vector", vector);
            _table.SyncState(sync, vector);
            sync.End();
            if (sync.Loading)
            {
                _table.CheckEntry("vector", vector);
            }
        }

        _table.SyncPending(sync);
        if (sync.Loading && ((_signalled | _table.PendingWord(0)) & ~AllVectors) != 0)
        {
            throw new StateFormatException($"row 'signalled' or 'MSIX_PBA': there are no more than {Vectors} vectors");
        }
    }

    private ulong AllVectors => ulong.MaxValue >> (MaximumVectors - Vectors);

    private int EntryOf(int register)
    {
        var entry = (register - DoorbellRegisters.Table) / MsiRegisters.EntryBytes;
        return register >= DoorbellRegisters.Table && entry < Vectors ? entry : -1;
    }

    private ulong Register(int register) => register switch
    {
        DoorbellRegisters.Position => (ulong)_position,
        DoorbellRegisters.PendingBits => _table.PendingWord(0),
        _ when EntryOf(register) is >= 0 and var entry => _table.Read(entry, register % MsiRegisters.EntryBytes),
        _ => 0,
    };

    private void Ring(uint value)
    {
        var (peer, vector) = ((int)(value >> 16), (int)(value & 0xFFFF));
        if (peer < _peers && vector < Vectors)
        {
            _line.Ring(peer, vector);
        }
        else
        {
            Report(ReportKind.Refused, NoLine, value);
        }
    }

    private void WriteEntry(int entry, int register, ulong value)
    {
        if (_table.Write(entry, register, value))
        {
            Leave(entry);
        }
    }

    private void Leave(int vector)
    {
        var (address, data, _) = _table[vector];
        Report(ReportKind.Raised, vector, data);
        _sender.Send(vector, address, data);
    }

    private int Known(int vector)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)vector, (uint)Vectors, nameof(vector));
        return vector;
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
