using System.Buffers.Binary;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Messages.State;

namespace Trapline.Devices.LoongArch.Ipi;

/// <summary>
/// The inter-processor interrupt unit of one LoongArch CPU, as Linux KVM emulates it (arch/loongarch/kvm/intc/ipi.c). A
/// write to a SEND register comes back as an <see cref="IpiOutcome"/>, which the caller carries to the target's unit.
/// </summary>
/// <param name="host">Takes the one pin.</param>
/// <param name="profile">Whose behaviour.</param>
/// <param name="vcpu">Number of the vCPU it belongs to: the line of reports about nested accesses.</param>
public sealed class IpiUnit(IDeviceHost host, LoongArchProfile profile, int vcpu)
{
    /// <summary>The one output: the CPU's IPI line.</summary>
    public const int InterruptPin = 0;

    private const int MailboxBytes = IpiRegisters.MailboxEnd - IpiRegisters.Mailbox0;
    private const int MailboxCount = MailboxBytes / sizeof(ulong);
    private const int NoLine = -1;
    private const int Half = sizeof(uint);

    private static readonly string[] MailboxNames = ["MBUF0", "MBUF1", "MBUF2", "MBUF3"];

    private readonly byte[] _mailboxes = new byte[MailboxBytes];
    private uint _status;
    private uint _enable;
    private uint _storedSet;
    private uint _storedClear;
    private ulong _readExits;
    private ulong _writeExits;

    public uint Status => _status;

    /// <summary>Stored and read back, and for KVM nothing else: it raises the line whatever this holds; QEMU gates with it.</summary>
    public uint Enable => _enable;

    /// <summary>KVM's statistic ipi_read_exits: reads that reached this unit, rejected ones too.</summary>
    public ulong ReadExits => _readExits;

    /// <summary>KVM's statistic ipi_write_exits: writes that reached this unit, rejected ones too.</summary>
    public ulong WriteExits => _writeExits;

    /// <summary>Whether the whole access, start and end, lies in the unit. Only such accesses may be made.</summary>
    public static bool Covers(ulong address, int size) =>
        address is >= IpiRegisters.Base and < IpiRegisters.End && (ulong)size <= IpiRegisters.End - address;

    /// <summary>Reads a register.</summary>
    /// <param name="address">Covered by the unit.</param>
    /// <param name="size">1, 2, 4 or 8.</param>
    /// <param name="value">Extended to 64 bits as the profile says.</param>
    public AccessOutcome Read(ulong address, int size, out ulong value)
    {
        CheckAccess(address, size);
        _readExits++;
        value = 0;
        if (IsDropped(address, size))
        {
            ReportRefused(address, size, isWrite: false);
            return AccessOutcome.Done;
        }

        if (!IsSplit(address, size))
        {
            var outcome = ReadUnit(address, size, out var register);
            value = profile.NarrowRead.OfIpi(register, size);
            return outcome;
        }

        var first = ReadUnit(address, Half, out var low);
        var second = ReadUnit(address + Half, Half, out var high);
        value = (high << 32) | low;
        return first == AccessOutcome.Done ? second : first;
    }

    /// <summary>Writes a register.</summary>
    /// <param name="address">Covered by the unit.</param>
    /// <param name="size">1, 2, 4 or 8.</param>
    /// <param name="value">
    /// The whole source register: KVM hands all of it to the device, and all but the mailboxes ignore the width of the
    /// instruction.
    /// </param>
    /// <param name="rest">What is left to do elsewhere.</param>
    public AccessOutcome Write(ulong address, int size, ulong value, out IpiOutcome rest)
    {
        CheckAccess(address, size);
        _writeExits++;
        rest = default;
        if (IsDropped(address, size))
        {
            ReportRefused(address, size, isWrite: true);
            return AccessOutcome.Done;
        }

        if (!IsSplit(address, size))
        {
            return WriteUnit(address, size, value, out rest);
        }

        // The upper half is never a SEND register: the last of four bytes is the lower half of its eight.
        var first = WriteUnit(address, Half, (uint)value, out rest);
        var second = WriteUnit(address + Half, Half, value >> 32, out _);
        return first == AccessOutcome.Done ? second : first;
    }

    /// <summary>
    /// Sets bits of STATUS. KVM drives the line only when STATUS was 0, for bits that join others are served by the same
    /// interrupt; QEMU whenever a bit is set that EN enables, newly or not, also while the line is high.
    /// </summary>
    public void Set(uint mask)
    {
        var gate = profile.IpiEnableGatesLine ? _enable : uint.MaxValue;
        var wasPending = (_status & gate) != 0;
        _status |= mask;
        var isPending = (_status & gate) != 0;
        if (mask != 0)
        {
            Report(wasPending ? ReportKind.Coalesced : isPending ? ReportKind.Raised : ReportKind.Masked, CpuLines.Ipi, mask);
        }

        if (isPending && (!wasPending || profile.IpiEnableGatesLine))
        {
            host.DrivePin(InterruptPin, true);
        }
    }

    /// <summary>
    /// A 32-bit write to this unit on behalf of another CPU: bytes whose bit is set in <paramref name="keepBytes"/> keep
    /// their old value; with none set the old value is not read. What comes back is for the caller to perform.
    /// </summary>
    /// <param name="address">IOCSR address; one outside the unit is refused.</param>
    /// <param name="keepBytes">Four bits.</param>
    /// <param name="data">The new bytes.</param>
    /// <param name="isBusAccess">See <see cref="IpiOutcome.IsBusAccess"/>; without it the address must be in a mailbox.</param>
    /// <param name="rest">What is left to do elsewhere.</param>
    public AccessOutcome MaskedWrite(uint address, int keepBytes, uint data, bool isBusAccess, out IpiOutcome rest)
    {
        rest = default;
        isBusAccess |= profile.MailSendUsesBus;
        var offset = (int)(address - IpiRegisters.Base);
        if (!isBusAccess && offset is < IpiRegisters.Mailbox0 or > IpiRegisters.MailboxEnd - Half)
        {
            throw new ArgumentOutOfRangeException(nameof(address), $"0x{address:x} is in no mailbox: only a bus access may name other registers");
        }

        if (!Covers(address, Half))
        {
            return Refuse(address, Half, isWrite: true);
        }

        uint old = 0;
        if (keepBytes != 0)
        {
            var outcome = ReadNested(address, isBusAccess, out old);
            if (outcome != AccessOutcome.Done)
            {
                return outcome;
            }
        }

        var merged = BusValue.MergeBytes(old, keepBytes, data);
        Report(ReportKind.NestedAccess, vcpu, AccessDetail.Of(address, Half, isWrite: true), merged);
        if (!isBusAccess)
        {
            WriteMailbox(offset, Half, merged);
            return AccessOutcome.Done;
        }

        return Write(address, Half, merged, out rest);
    }

    /// <summary>
    /// What becomes of a write to a SEND register of this unit that names a CPU which does not exist. QEMU 7.2 dies of it;
    /// here it is refused.
    /// </summary>
    public AccessOutcome SendToNobody(IpiOutcome send)
    {
        var exits = profile.UnknownTarget == UnknownTarget.MailAndAnyExit && send.Kind == IpiOutcomeKind.MaskedWrite;
        if (exits || profile.UnknownTarget == UnknownTarget.Crash)
        {
            ReportRefused(IpiRegisters.Base + (ulong)send.Register, send.Kind == IpiOutcomeKind.MaskedWrite ? sizeof(ulong) : Half, isWrite: true);
        }

        return exits ? AccessOutcome.UserSpace : AccessOutcome.Done;
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

    private static int OffsetOf(ulong address) => (int)address & IpiRegisters.OffsetMask;

    private static void CheckAccess(ulong address, int size)
    {
        if (size is not (1 or 2 or 4 or 8) || !Covers(address, size))
        {
            throw new ArgumentOutOfRangeException(nameof(address), $"{size} bytes at 0x{address:x} are not an access to the IPI unit: ask Covers first");
        }
    }

    private AccessOutcome ReadNested(uint address, bool isBusAccess, out uint old)
    {
        var outcome = AccessOutcome.Done;
        ulong value;
        if (isBusAccess)
        {
            outcome = Read(address, Half, out value);
        }
        else
        {
            value = ReadMailbox(OffsetOf(address), Half);
        }

        old = (uint)value;
        Report(ReportKind.NestedAccess, vcpu, AccessDetail.Of(address, Half, isWrite: false), old);
        return outcome;
    }

    /// <summary>QEMU's units are of four bytes, those of MAIL_SEND and ANY_SEND of eight; narrower and misaligned accesses go nowhere.</summary>
    private bool IsDropped(ulong address, int size) =>
        profile.NarrowIocsrAccessDropped
        && (size < (OffsetOf(address) < IpiRegisters.MailSend ? Half : sizeof(ulong)) || (address & (ulong)(size - 1)) != 0);

    private bool IsSplit(ulong address, int size) =>
        profile.WideIocsrAccessSplit && size == sizeof(ulong) && OffsetOf(address) < IpiRegisters.MailSend;

    /// <summary>Only the exact offset counts, not the width: eight bytes at STATUS are STATUS alone.</summary>
    private AccessOutcome ReadUnit(ulong address, int size, out ulong value)
    {
        var offset = OffsetOf(address);
        value = 0;
        switch (offset)
        {
            case IpiRegisters.Status:
                value = _status;
                return AccessOutcome.Done;
            case IpiRegisters.Enable:
                value = _enable;
                return AccessOutcome.Done;
            case IpiRegisters.Set:
            case IpiRegisters.Clear:
                return AccessOutcome.Done;
            case >= IpiRegisters.Mailbox0 and < IpiRegisters.MailboxEnd when offset + size <= IpiRegisters.MailboxEnd:
                value = ReadMailbox(offset, size);
                return AccessOutcome.Done;
            default:
                return Refuse(address, size, isWrite: false);
        }
    }

    private AccessOutcome WriteUnit(ulong address, int size, ulong value, out IpiOutcome rest)
    {
        var offset = OffsetOf(address);
        rest = default;
        switch (offset)
        {
            case IpiRegisters.Enable:
                _enable = (uint)value;
                return AccessOutcome.Done;
            case IpiRegisters.Set when !profile.IpiSetRejected:
                Set((uint)value);
                return AccessOutcome.Done;
            case IpiRegisters.Clear:
                Clear((uint)value);
                return AccessOutcome.Done;
            case >= IpiRegisters.Mailbox0 and < IpiRegisters.MailboxEnd when offset + size <= IpiRegisters.MailboxEnd:
                WriteMailbox(offset, size, value);
                return AccessOutcome.Done;
            case IpiRegisters.IpiSend:
                rest = new IpiOutcome(offset, (uint)value);
                return AccessOutcome.Done;
            case IpiRegisters.MailSend:
            case IpiRegisters.AnySend:
                rest = new IpiOutcome(offset, value);
                return AccessOutcome.Done;
            default:
                return Refuse(address, size, isWrite: true);
        }
    }

    /// <summary>
    /// Clears bits of STATUS. The line is driven low whenever nothing is left, also if nothing was there; by QEMU only while
    /// EN enables anything, so that it can be left high.
    /// </summary>
    private void Clear(uint mask)
    {
        var cleared = _status & mask;
        _status &= ~mask;
        if (cleared != 0)
        {
            Report(ReportKind.Acknowledged, CpuLines.Ipi, cleared);
        }

        if (_status == 0 && (_enable != 0 || !profile.IpiEnableGatesLine))
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

    /// <summary>Linux 7.0 and QEMU swallow what the unit does not take; before, it became an exit to user space.</summary>
    private AccessOutcome Refuse(ulong address, int size, bool isWrite)
    {
        ReportRefused(address, size, isWrite);
        return profile.OutcomeOfRejected();
    }

    private void ReportRefused(ulong address, int size, bool isWrite) =>
        Report(ReportKind.Refused, NoLine, AccessDetail.Of(address, size, isWrite));

    private void Report(ReportKind kind, int line, ulong detail, ulong value = 0)
    {
        if (host.Listening)
        {
            host.Report(new DeviceReport(kind, line, detail, value));
        }
    }
}
