using System.Buffers.Binary;
using Trapline.Devices.Common;
using Trapline.Messages.State;

namespace Trapline.Devices.LoongArch.Ipi;

/// <summary>
/// The inter-processor interrupt unit of one LoongArch CPU, as Linux KVM 7.0 emulates it
/// (arch/loongarch/kvm/intc/ipi.c). A write to a SEND register comes back as an <see cref="IpiOutcome"/>, which the
/// caller carries to the target's unit.
/// </summary>
/// <remarks>Where QEMU's user-space model differs, the method that decides says how: each difference is in one place.</remarks>
public sealed class IpiUnit(IDeviceHost host)
{
    /// <summary>The one output: the CPU's IPI line.</summary>
    public const int InterruptPin = 0;

    private const int MailboxBytes = IpiRegisters.MailboxEnd - IpiRegisters.Mailbox0;
    private const int MailboxCount = MailboxBytes / sizeof(ulong);
    private const int NoLine = -1;

    private static readonly string[] MailboxNames = ["MBUF0", "MBUF1", "MBUF2", "MBUF3"];

    private readonly byte[] _mailboxes = new byte[MailboxBytes];
    private uint _status;
    private uint _enable;
    private uint _storedSet;
    private uint _storedClear;
    private ulong _readExits;
    private ulong _writeExits;

    public uint Status => _status;

    /// <summary>Stored and read back, and nothing else: KVM raises the line whatever it holds; QEMU gates with it.</summary>
    public uint Enable => _enable;

    /// <summary>KVM's statistic ipi_read_exits: reads that reached this unit, rejected ones too.</summary>
    public ulong ReadExits => _readExits;

    /// <summary>KVM's statistic ipi_write_exits: writes that reached this unit, rejected ones too.</summary>
    public ulong WriteExits => _writeExits;

    /// <summary>Whether the whole access, start and end, lies in the unit. Only such accesses may be made.</summary>
    public static bool Covers(ulong address, int size) =>
        address is >= IpiRegisters.Base and < IpiRegisters.End && (ulong)size <= IpiRegisters.End - address;

    /// <summary>Reads a register; the result is sign-extended from <paramref name="size"/> bytes to 64 bits.</summary>
    public ulong Read(ulong address, int size)
    {
        CheckAccess(address, size);
        _readExits++;
        var offset = (int)address & IpiRegisters.OffsetMask;
        ulong value;
        switch (offset)
        {
            // Only the exact offset counts, not the width: eight bytes at STATUS are STATUS alone (QEMU: EN above it).
            case IpiRegisters.Status:
                value = _status;
                break;
            case IpiRegisters.Enable:
                value = _enable;
                break;
            case IpiRegisters.Set:
            case IpiRegisters.Clear:
                value = 0;
                break;
            case >= IpiRegisters.Mailbox0 and < IpiRegisters.MailboxEnd when offset + size <= IpiRegisters.MailboxEnd:
                value = ReadMailbox(offset, size);
                break;
            default:
                Refuse(address, size, isWrite: false);
                return 0;
        }

        return BusValue.SignExtend(value, size);
    }

    /// <summary>
    /// Writes a register. <paramref name="value"/> is the whole source register: KVM hands all of it to the device, and
    /// all but the mailboxes ignore the width of the instruction (QEMU drops narrow writes).
    /// </summary>
    public IpiOutcome Write(ulong address, int size, ulong value)
    {
        CheckAccess(address, size);
        _writeExits++;
        var offset = (int)address & IpiRegisters.OffsetMask;
        switch (offset)
        {
            case IpiRegisters.Enable:
                _enable = (uint)value;
                return default;
            case IpiRegisters.Set:
                Set((uint)value);
                return default;
            case IpiRegisters.Clear:
                Clear((uint)value);
                return default;
            case >= IpiRegisters.Mailbox0 and < IpiRegisters.MailboxEnd when offset + size <= IpiRegisters.MailboxEnd:
                WriteMailbox(offset, size, value);
                return default;
            case IpiRegisters.IpiSend:
                return new IpiOutcome(offset, (uint)value);
            case IpiRegisters.MailSend:
            case IpiRegisters.AnySend:
                return new IpiOutcome(offset, value);
            default:
                Refuse(address, size, isWrite: true);
                return default;
        }
    }

    /// <summary>
    /// Sets bits of STATUS. The line is driven only when STATUS was 0: bits that join others are served by the same
    /// interrupt. (QEMU: driven whenever an enabled bit is set.)
    /// </summary>
    public void Set(uint mask)
    {
        if (mask == 0)
        {
            return;
        }

        var wasIdle = _status == 0;
        _status |= mask;
        Report(wasIdle ? ReportKind.Raised : ReportKind.Coalesced, CpuLines.Ipi, mask);
        if (wasIdle)
        {
            host.DrivePin(InterruptPin, true);
        }
    }

    /// <summary>
    /// A 32-bit write to this unit on behalf of another CPU: bytes whose bit is set in <paramref name="keepBytes"/> keep
    /// their old value; with none set the old value is not read. What comes back is for the caller to perform.
    /// </summary>
    /// <param name="address">IOCSR address; outside the unit the write is swallowed.</param>
    /// <param name="keepBytes">Four bits.</param>
    /// <param name="data">The new bytes.</param>
    /// <param name="isBusAccess">See <see cref="IpiOutcome.IsBusAccess"/>; without it the address must be in a mailbox.</param>
    public IpiOutcome MaskedWrite(uint address, int keepBytes, uint data, bool isBusAccess)
    {
        if (!isBusAccess)
        {
            var offset = (int)(address - IpiRegisters.Base);
            if (offset is < IpiRegisters.Mailbox0 or > IpiRegisters.MailboxEnd - sizeof(uint))
            {
                throw new ArgumentOutOfRangeException(nameof(address), $"0x{address:x} is in no mailbox: only a bus access may name other registers");
            }

            WriteMailbox(offset, sizeof(uint), Merge((uint)ReadMailbox(offset, sizeof(uint)), keepBytes, data));
            return default;
        }

        if (!Covers(address, sizeof(uint)))
        {
            Refuse(address, sizeof(uint), isWrite: true);
            return default;
        }

        uint old = 0;
        if (keepBytes != 0)
        {
            Report(ReportKind.NestedAccess, NoLine, AccessDetail.Of(address, sizeof(uint), isWrite: false));
            old = (uint)Read(address, sizeof(uint));
        }

        Report(ReportKind.NestedAccess, NoLine, AccessDetail.Of(address, sizeof(uint), isWrite: true));
        return Write(address, sizeof(uint), Merge(old, keepBytes, data));
    }

    /// <summary>All state, as rows without side effects: after loading, no line is driven.</summary>
    public void SyncState(StateSync sync)
    {
        sync.Row("STATUS", ref _status);
        sync.Row("EN", ref _enable);
        sync.Row("SET", ref _storedSet);
        sync.Row("CLEAR", ref _storedClear);
        for (var i = 0; i < MailboxCount; i++)
        {
            var box = _mailboxes.AsSpan(i * sizeof(ulong));
            var value = BinaryPrimitives.ReadUInt64LittleEndian(box);
            sync.Row(MailboxNames[i], ref value);
            BinaryPrimitives.WriteUInt64LittleEndian(box, value);
        }

        sync.Row("ipi_read_exits", ref _readExits);
        sync.Row("ipi_write_exits", ref _writeExits);
    }

    /// <summary>
    /// The value that KVM's device attribute stores for a register. SET and CLEAR have storage there that only the
    /// attribute reaches.
    /// </summary>
    internal ulong ReadStored(int register) => register switch
    {
        IpiRegisters.Status => _status,
        IpiRegisters.Enable => _enable,
        IpiRegisters.Set => _storedSet,
        IpiRegisters.Clear => _storedClear,
        _ => ReadMailbox(register, sizeof(ulong)),
    };

    /// <summary>Stores a register as KVM's device attribute does: no line moves, also where STATUS changes.</summary>
    internal void WriteStored(int register, ulong value)
    {
        switch (register)
        {
            case IpiRegisters.Status:
                _status = (uint)value;
                break;
            case IpiRegisters.Enable:
                _enable = (uint)value;
                break;
            case IpiRegisters.Set:
                _storedSet = (uint)value;
                break;
            case IpiRegisters.Clear:
                _storedClear = (uint)value;
                break;
            default:
                WriteMailbox(register, sizeof(ulong), value);
                break;
        }
    }

    private static uint Merge(uint old, int keepBytes, uint data)
    {
        uint keep = 0;
        for (var i = 0; i < sizeof(uint); i++)
        {
            keep |= (keepBytes & (1 << i)) != 0 ? 0xFFu << (8 * i) : 0;
        }

        return (old & keep) | (data & ~keep);
    }

    private static void CheckAccess(ulong address, int size)
    {
        if (size is not (1 or 2 or 4 or 8) || !Covers(address, size))
        {
            throw new ArgumentOutOfRangeException(nameof(address), $"{size} bytes at 0x{address:x} are not an access to the IPI unit: ask Covers first");
        }
    }

    /// <summary>
    /// Clears bits of STATUS. The line is driven low whenever nothing is left, also if nothing was there. (QEMU: only
    /// where an enable bit is set.)
    /// </summary>
    private void Clear(uint mask)
    {
        var cleared = _status & mask;
        _status &= ~mask;
        if (cleared != 0)
        {
            Report(ReportKind.Acknowledged, CpuLines.Ipi, cleared);
        }

        if (_status == 0)
        {
            host.DrivePin(InterruptPin, false);
        }
    }

    private ulong ReadMailbox(int offset, int size)
    {
        ulong value = 0;
        var from = offset - IpiRegisters.Mailbox0;
        for (var i = size - 1; i >= 0; i--)
        {
            value = (value << 8) | _mailboxes[from + i];
        }

        return value;
    }

    private void WriteMailbox(int offset, int size, ulong value)
    {
        var from = offset - IpiRegisters.Mailbox0;
        for (var i = 0; i < size; i++)
        {
            _mailboxes[from + i] = (byte)(value >> (8 * i));
        }
    }

    /// <summary>
    /// Linux 7.0 swallows what the unit does not know: a read gives 0, a write is ignored. (Before 7.0 it became an exit
    /// to user space.)
    /// </summary>
    private void Refuse(ulong address, int size, bool isWrite) =>
        Report(ReportKind.Refused, NoLine, AccessDetail.Of(address, size, isWrite));

    private void Report(ReportKind kind, int line, ulong detail)
    {
        if (host.Listening)
        {
            host.Report(new DeviceReport(kind, line, detail));
        }
    }
}
