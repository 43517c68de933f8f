using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Messages.State;

namespace Trapline.Devices.LoongArch.Eiointc;

/// <summary>
/// The extended I/O interrupt controller of a LoongArch machine, one for all CPUs, as Linux KVM emulates it
/// (arch/loongarch/kvm/intc/eiointc.c): 256 vectors, each led to one input of one CPU. Output pins are numbered by
/// <see cref="PinOf"/>.
/// </summary>
/// <remarks>
/// Reports carry the vector as line and the vCPU as detail, all ones where the vector goes nowhere. For each vector, what
/// was raised was acknowledged, was withdrawn or is pending.
/// </remarks>
public sealed class Eiointc
{
    public const int Vectors = 256;

    /// <summary>
    /// VIRT_FEATURES as QEMU asks for them: the extension, that it is switched on by ENABLE, and CPUs by number. Pins by
    /// number are not offered.
    /// </summary>
    public const uint QemuFeatures = 0xB;

    /// <summary>HWI0 to HWI7.</summary>
    public const int LinesPerVcpu = 8;

    private const int NoLine = -1;
    private const int Half = sizeof(uint);

    private readonly IDeviceHost _host;
    private readonly LoongArchProfile _profile;
    private readonly int _vcpus;
    private readonly EiointcVirtualExtension _extension;
    private readonly EiointcVectors _vectors;
    private readonly ulong[] _nodeType = new ulong[4];
    private readonly ulong[] _bounce = new ulong[4];
    private readonly ulong[] _readExits;
    private readonly ulong[] _writeExits;
    private uint _cpuCount;

    /// <param name="host">Takes the output pins.</param>
    /// <param name="profile">Whose behaviour.</param>
    /// <param name="cpuIds">Finds the vCPU of a physical id; kept, and read at each write of COREMAP.</param>
    /// <param name="vcpus">How many vCPUs the machine has, 1 to 256.</param>
    /// <param name="features">
    /// What VIRT_FEATURES reads: the device is then initialised with it and with the number of vCPUs. Null leaves both
    /// to <see cref="EiointcUapi"/>, as KVM_CREATE_DEVICE does.
    /// </param>
    public Eiointc(IDeviceHost host, LoongArchProfile profile, CpuIdMap cpuIds, int vcpus, uint? features)
    {
        if (vcpus < 1 || vcpus > cpuIds.Vcpus)
        {
            throw new ArgumentOutOfRangeException(nameof(vcpus), $"{vcpus} vCPUs, but the map of CPU ids has room for 1 to {cpuIds.Vcpus}");
        }

        _host = host;
        _profile = profile;
        _vcpus = vcpus;
        _extension = new EiointcVirtualExtension(profile.VirtualExtension);
        _vectors = new EiointcVectors(host, profile, cpuIds, vcpus, _extension);
        _readExits = new ulong[vcpus];
        _writeExits = new ulong[vcpus];
        if (features is { } offered)
        {
            _cpuCount = (uint)vcpus;
            _extension.Initialize(offered);
        }
    }

    internal LoongArchProfile Profile => _profile;

    internal EiointcVirtualExtension Extension => _extension;

    /// <summary>Number of CPUs as user space gave it; only attributes look at it.</summary>
    internal ref uint CpuCount => ref _cpuCount;

    /// <summary>The output pin of an input HWI0 to HWI7 of a vCPU.</summary>
    public static int PinOf(int vcpu, int hwi) => (vcpu * LinesPerVcpu) + hwi;

    public static int VcpuOf(int pin) => pin / LinesPerVcpu;

    /// <summary>0 to 7; the line in ESTAT is <see cref="CpuLines.Hwi0"/> plus this.</summary>
    public static int HwiOf(int pin) => pin % LinesPerVcpu;

    /// <summary>Whether the whole access, start and end, lies in the registers or in the virtual window. Only such accesses may be made.</summary>
    public static bool Covers(ulong address, int size) =>
        (address is >= EiointcRegisters.Base and < EiointcRegisters.End && (ulong)size <= EiointcRegisters.End - address)
        || (IsVirtual(address) && address < EiointcRegisters.VirtualEnd && (ulong)size <= EiointcRegisters.VirtualEnd - address);

    /// <summary>KVM's statistic eiointc_read_exits of a vCPU: aligned reads of the registers, unknown ones too, not of the virtual window.</summary>
    public ulong ReadExits(int vcpu) => _readExits[vcpu];

    /// <summary>KVM's statistic eiointc_write_exits of a vCPU, counted likewise.</summary>
    public ulong WriteExits(int vcpu) => _writeExits[vcpu];

    /// <summary>The vCPU to which a vector goes, or -1 where its interrupts are lost.</summary>
    public int RouteOf(int vector) => _vectors.RouteOf(vector);

    /// <summary>An input is driven; equal levels count, for a message says "high" each time.</summary>
    public void Input(int vector, bool level)
    {
        if ((uint)vector >= Vectors)
        {
            throw new ArgumentOutOfRangeException(nameof(vector), $"vector {vector} is outside 0 to {Vectors - 1}");
        }

        _vectors.Input(vector, level);
    }

    /// <summary>Reads a register on behalf of a vCPU.</summary>
    /// <param name="vcpu">Whose COREISR is seen.</param>
    /// <param name="address">Covered by the device.</param>
    /// <param name="size">1, 2, 4 or 8.</param>
    /// <param name="value">Extended to 64 bits; see also <see cref="NarrowReads.LeavesUpperOfEiointc"/>.</param>
    public AccessOutcome Read(int vcpu, ulong address, int size, out ulong value)
    {
        CheckAccess(vcpu, address, size);
        value = 0;
        if (!Takes(address, size))
        {
            return Refuse(address, size, isWrite: false);
        }

        _readExits[vcpu] += IsVirtual(address) ? 0UL : 1;
        if (!IsSplit(size))
        {
            var outcome = ReadUnit(vcpu, address, size, out value);
            value = _profile.NarrowRead.OfEiointc(value, size);
            return outcome;
        }

        var first = ReadUnit(vcpu, address, Half, out var low);
        var second = ReadUnit(vcpu, address + Half, Half, out var high);
        value = (high << 32) | low;
        return first == AccessOutcome.Done ? second : first;
    }

    /// <summary>Writes a register on behalf of a vCPU.</summary>
    /// <param name="vcpu">Whose COREISR is cleared.</param>
    /// <param name="address">Covered by the device.</param>
    /// <param name="size">1, 2, 4 or 8.</param>
    /// <param name="value">The whole source register: the virtual window takes 32 bits of it whatever the size.</param>
    public AccessOutcome Write(int vcpu, ulong address, int size, ulong value)
    {
        CheckAccess(vcpu, address, size);
        if (!Takes(address, size))
        {
            return Refuse(address, size, isWrite: true);
        }

        _writeExits[vcpu] += IsVirtual(address) ? 0UL : 1;
        if (!IsSplit(size))
        {
            return WriteUnit(vcpu, address, size, value);
        }

        var first = WriteUnit(vcpu, address, Half, value);
        var second = WriteUnit(vcpu, address + Half, Half, value >> 32);
        return first == AccessOutcome.Done ? second : first;
    }

    /// <summary>
    /// ANY_SEND: a 32-bit write in the context of the vCPU that it names. Bytes whose bit is set in
    /// <paramref name="keepBytes"/> keep their old value; with none set the old value is not read.
    /// </summary>
    /// <param name="vcpu">The target, not the sender.</param>
    /// <param name="address">IOCSR address; one that the device does not cover is refused.</param>
    /// <param name="keepBytes">Four bits.</param>
    /// <param name="data">The new bytes.</param>
    public AccessOutcome MaskedWrite(int vcpu, uint address, int keepBytes, uint data)
    {
        if (!Covers(address, Half))
        {
            return Refuse(address, Half, isWrite: true);
        }

        var row = RowOfAnySend(vcpu, address);
        uint old = 0;
        if (keepBytes != 0)
        {
            var outcome = Read(row, address, Half, out var value);
            old = (uint)value;
            Report(ReportKind.NestedAccess, row, AccessDetail.Of(address, Half, isWrite: false), old);
            if (outcome != AccessOutcome.Done)
            {
                return outcome;
            }
        }

        var merged = BusValue.MergeBytes(old, keepBytes, data);
        Report(ReportKind.NestedAccess, row, AccessDetail.Of(address, Half, isWrite: true), merged);
        return Write(row, address, Half, merged);
    }

    /// <summary>
    /// All state, as rows without side effects: after loading, no line is driven. Bitmaps are in words of 64 vectors. The
    /// map of CPU ids is its owner's.
    /// </summary>
    public void SyncState(StateSync sync)
    {
        sync.Row("num_cpu", ref _cpuCount);
        _extension.SyncState(sync);
        EiointcVectors.SyncBytes(sync, "NODETYPE", _nodeType);
        sync.Row("BOUNCE64", _bounce);
        _vectors.SyncState(sync);
        sync.Row("eiointc_read_exits", _readExits);
        sync.Row("eiointc_write_exits", _writeExits);
    }

    internal void FinishLoad(EiointcLoad rule) => _vectors.FinishLoad(rule);

    /// <summary>The word of 64 bits that holds the register at an offset, of a region that is not None.</summary>
    internal ref ulong StorageOf(EiointcRegion region, int at, int vcpu)
    {
        var word = at / sizeof(ulong);
        switch (region)
        {
            case EiointcRegion.NodeType:
                return ref _nodeType[word];
            case EiointcRegion.IpMap:
                return ref _vectors.IpMap;
            case EiointcRegion.Enable:
                return ref _vectors.Enabled[word];
            case EiointcRegion.Bounce:
                return ref _bounce[word];
            case EiointcRegion.InputLatch:
                return ref _vectors.Latched[word];
            case EiointcRegion.CoreStatus:
                return ref _vectors.PendingOf(vcpu)[word];
            default:
                return ref _vectors.CoreMap[word];
        }
    }

    private static bool IsVirtual(ulong address) => address >= EiointcRegisters.VirtualBase;

    private void CheckAccess(int vcpu, ulong address, int size)
    {
        if ((uint)vcpu >= (uint)_vcpus)
        {
            throw new ArgumentOutOfRangeException(nameof(vcpu), $"vCPU {vcpu} is outside the {_vcpus} of this machine");
        }

        if (size is not (1 or 2 or 4 or 8) || !Covers(address, size))
        {
            throw new ArgumentOutOfRangeException(nameof(address), $"{size} bytes at 0x{address:x} are not an access to EIOINTC: ask Covers first");
        }
    }

    /// <summary>
    /// Whether width and alignment are such that the access comes to the registers at all. KVM's virtual window looks at
    /// neither.
    /// </summary>
    private bool Takes(ulong address, int size)
    {
        var isAligned = (address & (ulong)(size - 1)) == 0;
        if (_profile.NarrowIocsrAccessDropped)
        {
            return isAligned && size >= Half;
        }

        return isAligned || IsVirtual(address) || _profile.EiointcMisalignedRounded;
    }

    private bool IsSplit(int size) => size == sizeof(ulong) && _profile.WideIocsrAccessSplit;

    private AccessOutcome ReadUnit(int vcpu, ulong address, int size, out ulong value)
    {
        value = 0;
        if (IsVirtual(address))
        {
            return ReadVirtual(address, size, out value);
        }

        var offset = (int)(address - EiointcRegisters.Base);
        if (!FindRow(ref vcpu, ref offset))
        {
            ReportRefused(address, size, isWrite: false);
            return AccessOutcome.Done;
        }

        var (region, start) = EiointcRegisters.Locate(offset);
        if (region is EiointcRegion.None or EiointcRegion.InputLatch)
        {
            return Refuse(address, size, isWrite: false);
        }

        var row = _profile.CoreStatusReadsRowOfCpu0 ? 0 : vcpu;
        value = new EiointcLane(offset, size).Take(StorageOf(region, offset - start, row));
        return AccessOutcome.Done;
    }

    private AccessOutcome WriteUnit(int vcpu, ulong address, int size, ulong value)
    {
        if (IsVirtual(address))
        {
            return WriteVirtual(address, size, (uint)value);
        }

        var offset = (int)(address - EiointcRegisters.Base);
        if (!FindRow(ref vcpu, ref offset))
        {
            ReportRefused(address, size, isWrite: true);
            return AccessOutcome.Done;
        }

        var (region, start) = EiointcRegisters.Locate(offset);
        var word = (offset - start) / sizeof(ulong);
        var lane = new EiointcLane(offset, size);
        switch (region)
        {
            case EiointcRegion.NodeType or EiointcRegion.IpMap or EiointcRegion.Bounce:
                lane.Put(ref StorageOf(region, offset - start, vcpu), value);
                return AccessOutcome.Done;
            case EiointcRegion.Enable:
                _vectors.WriteEnable(word, lane.Mask, lane.Place(value));
                return AccessOutcome.Done;
            case EiointcRegion.CoreStatus:
                _vectors.Acknowledge(vcpu, word, lane.Place(value));
                return AccessOutcome.Done;
            case EiointcRegion.CoreMap:
                _vectors.WriteCoreMap(offset - start, size, value);
                return AccessOutcome.Done;
            default:
                return Refuse(address, size, isWrite: true);
        }
    }

    private AccessOutcome ReadVirtual(ulong address, int size, out ulong value)
    {
        value = 0;
        if (!_extension.HasWindow)
        {
            return Refuse(address, size, isWrite: false);
        }

        if (_extension.Read((int)(address - EiointcRegisters.VirtualBase)) is { } register)
        {
            value = new EiointcLane(0, size).Take(register);
            return AccessOutcome.Done;
        }

        // KVM says "handled" and stores nothing.
        ReportRefused(address, size, isWrite: false);
        return AccessOutcome.Done;
    }

    private AccessOutcome WriteVirtual(ulong address, int size, uint value)
    {
        if (!_extension.HasWindow)
        {
            return Refuse(address, size, isWrite: true);
        }

        switch ((int)(address - EiointcRegisters.VirtualBase))
        {
            case EiointcRegisters.VirtualConfiguration:
                return _extension.TryConfigure(value) ? AccessOutcome.Done : Refuse(address, size, isWrite: true);
            case EiointcRegisters.VirtualFeatures:
                return Refuse(address, size, isWrite: true);
            default:
                ReportRefused(address, size, isWrite: true);
                return AccessOutcome.Done;
        }
    }

    /// <summary>
    /// Defect FQ4: what lies behind COREISR is the row of the next CPU there.
    /// </summary>
    /// <returns>False behind the last row, where QEMU reads and writes whatever follows; here 0 and nothing.</returns>
    private bool FindRow(ref int vcpu, ref int offset)
    {
        const int First = EiointcRegisters.CoreStatus + EiointcRegisters.FileBytes;
        if (!_profile.CoreStatusWindowTooLarge || offset is < First or >= EiointcRegisters.CoreStatusTooLargeEnd)
        {
            return true;
        }

        var at = offset - EiointcRegisters.CoreStatus;
        vcpu += at / EiointcRegisters.FileBytes;
        offset = EiointcRegisters.CoreStatus + (at % EiointcRegisters.FileBytes);
        return vcpu < _vcpus;
    }

    /// <summary>QEMU 7.2 makes the access with no CPU's number, which is CPU 0's.</summary>
    private int RowOfAnySend(int vcpu, uint address) =>
        _profile.AnySendUsesRowOfCpu0
        && !IsVirtual(address)
        && EiointcRegisters.Locate((int)(address - EiointcRegisters.Base)).Region == EiointcRegion.CoreStatus
            ? 0
            : vcpu;

    /// <summary>Linux 7.0 and QEMU swallow what the device does not take; before, it became an exit to user space.</summary>
    private AccessOutcome Refuse(ulong address, int size, bool isWrite)
    {
        ReportRefused(address, size, isWrite);
        return _profile.OutcomeOfRejected();
    }

    private void ReportRefused(ulong address, int size, bool isWrite) =>
        Report(ReportKind.Refused, NoLine, AccessDetail.Of(address, size, isWrite), 0);

    private void Report(ReportKind kind, int line, ulong detail, ulong value)
    {
        if (_host.Listening)
        {
            _host.Report(new DeviceReport(kind, line, detail, value));
        }
    }
}
