using Trapline.Actors.LoongArch;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Devices.LoongArch.Misc;
using Trapline.Devices.LoongArch.PchMsi;
using Trapline.Devices.LoongArch.PchPic;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Machines.Recordings;
using Trapline.Machines.Recordings.LoongArch;
using Trapline.Messages.State;

namespace Trapline.Machines.Replay.LoongArch;

/// <summary>
/// The interrupt controllers of a LoongArch machine wired to one another as QEMU's virt board does it, without CPUs,
/// time or messages: an input goes in, and what the controllers do comes out at once, in order.
/// </summary>
internal sealed class LoongArchReplayMachine
{
    private const ulong VirtualConfiguration = EiointcRegisters.VirtualBase + EiointcRegisters.VirtualConfiguration;
    private const ulong PchPicBase = LoongArchAddressMap.PchPicBase;
    private const ulong DoorbellBase = LoongArchAddressMap.DoorbellBase;

    private readonly CpuIdMap _cpuIds;
    private readonly IpiUnit[] _ipis;
    private readonly Eiointc _eiointc;
    private readonly PchPic _pic;
    private readonly PchMsi _msi;
    private readonly IocsrMisc _misc;
    private readonly uint[] _lines;
    private readonly bool[] _vectors = new bool[RecordingLimits.Vectors];
    private readonly EffectQueue _effects;

    /// <param name="header">How many CPUs, and whether EIOINTC has its virtual extension.</param>
    /// <param name="profile">How the controllers behave.</param>
    /// <param name="effects">What they do is added here.</param>
    public LoongArchReplayMachine(LoongArchHeader header, LoongArchProfile profile, EffectQueue effects)
    {
        var cpuIds = new CpuIdMap(header.Cpus);
        for (var cpu = 0; cpu < header.Cpus; cpu++)
        {
            _ = cpuIds.TryAssign(cpu, (ulong)cpu);
        }

        _cpuIds = cpuIds;
        _effects = effects;
        _lines = new uint[header.Cpus];
        _ipis = [.. Enumerable.Range(0, header.Cpus).Select(cpu => new IpiUnit(new ReplayHost((_, level) => DriveLine(cpu, CpuLines.Ipi, level), NoteNested), profile, cpu))];
        _eiointc = new Eiointc(
            new ReplayHost((pin, level) => DriveLine(Eiointc.VcpuOf(pin), CpuLines.Hwi0 + Eiointc.HwiOf(pin), level), NoteNested),
            profile,
            cpuIds,
            header.Cpus,
            header.VirtualExtension ? Eiointc.QemuFeatures : 0);
        var vectors = new ReplayHost(DriveVector, NoteNested);
        _pic = new PchPic(vectors, profile);
        _msi = new PchMsi(vectors, profile);
        _misc = new IocsrMisc(vectors, profile, header.VirtualExtension);
    }

    /// <summary>The lines of a CPU, as bits of ESTAT.IS.</summary>
    public uint LinesOf(int cpu) => _lines[cpu];

    /// <summary>A line that is no controller's own: the timer's.</summary>
    public void SetLine(int cpu, int line, bool level) => _lines[cpu] = (_lines[cpu] & ~(1u << line)) | (level ? 1u << line : 0);

    public void DrivePin(int pin, bool level) => _pic.Input(pin, level);

    public void SendMessage(in LoongArchEvent message) => _msi.Write(message.Address - DoorbellBase, message.Size, message.Value);

    /// <summary>What the guest reads; bits above the access's width mean nothing.</summary>
    public ulong Read(in LoongArchEvent access)
    {
        var (address, size) = (access.Address, (int)access.Size);
        ulong value;
        if (access.Space == LoongArchSpace.Memory)
        {
            // Beyond KVM's window user space answers, which has nothing there.
            value = 0;
            _ = _pic.Covers(address - PchPicBase, size) ? _pic.Read(address - PchPicBase, size, out value) : AccessOutcome.UserSpace;
        }
        else if (IpiUnit.Covers(address, size))
        {
            _ipis[access.Cpu].Read(address, size, out value);
        }
        else if (Eiointc.Covers(address, size))
        {
            _eiointc.Read(access.Cpu, address, size, out value);
        }
        else
        {
            var configuration = _misc.NeedsVirtualConfig(address, size) ? ReadVirtualConfiguration(access.Cpu) : 0;
            value = _misc.Read(address, size, configuration);
        }

        return value;
    }

    public void Write(in LoongArchEvent access)
    {
        var (address, size, value) = (access.Address, (int)access.Size, access.Value);
        if (access.Space == LoongArchSpace.Memory)
        {
            _ = _pic.Covers(address - PchPicBase, size) ? _pic.Write(address - PchPicBase, size, value) : AccessOutcome.UserSpace;
        }
        else if (IpiUnit.Covers(address, size))
        {
            _ipis[access.Cpu].Write(address, size, value, out var rest);
            Carry(rest);
        }
        else if (Eiointc.Covers(address, size))
        {
            _eiointc.Write(access.Cpu, address, size, value);
        }
        else
        {
            WriteMisc(in access);
        }
    }

    /// <summary>All rows of one device, for people.</summary>
    public void SyncState(StateSync sync, LoongArchSpace space, ulong address, int cpu)
    {
        if (space == LoongArchSpace.Memory)
        {
            _pic.SyncState(sync);
        }
        else if (IpiUnit.Covers(address, 1))
        {
            _ipis[cpu].SyncState(sync);
        }
        else
        {
            _eiointc.SyncState(sync);
        }
    }

    /// <summary>VIRT_CONFIG of EIOINTC, which MISC_FUNC shows.</summary>
    public static bool IsVirtualConfiguration(in LoongArchEvent access) => access.Space == LoongArchSpace.Iocsr && access.Address == VirtualConfiguration;

    /// <summary>A read of MISC_FUNC, which reads VIRT_CONFIG.</summary>
    public static bool ReadsVirtualConfiguration(in LoongArchEvent access) =>
        access.Kind == LoongArchEventKind.Read && access.Space == LoongArchSpace.Iocsr && access.Address == IocsrMiscRegisters.MiscFunction;

    /// <summary>The register's name in the manual.</summary>
    public static string NameOf(LoongArchSpace space, ulong address) => space == LoongArchSpace.Memory
        ? PchPicRegisters.NameOf(address - PchPicBase)
        : IpiUnit.Covers(address, 1) ? IpiRegisters.NameOf((int)(address - IpiRegisters.Base))
        : Eiointc.Covers(address, 1) ? EiointcRegisters.NameOfAddress(address)
        : IocsrMiscRegisters.NameOf(address) ?? $"0x{address:x}";

    /// <summary>A write to a SEND register acts on the CPU that it names, as often as one leads to the next.</summary>
    private void Carry(IpiOutcome rest)
    {
        while (rest.Kind != IpiOutcomeKind.Done)
        {
            var target = _cpuIds.Find(rest.CpuId);
            if (target == CpuIdMap.None)
            {
                return;
            }

            if (rest.Kind == IpiOutcomeKind.SetStatus)
            {
                _ipis[target].Set(rest.Mask);
                return;
            }

            if (rest.IsBusAccess && Eiointc.Covers(rest.Address, sizeof(uint)))
            {
                _eiointc.MaskedWrite(target, rest.Address, rest.KeepBytes, rest.Data);
                return;
            }

            _ipis[target].MaskedWrite(rest.Address, rest.KeepBytes, rest.Data, rest.IsBusAccess, out rest);
        }
    }

    private void WriteMisc(in LoongArchEvent access)
    {
        if (!_misc.Write(access.Address, access.Size, access.Value, out var added))
        {
            return;
        }

        var configuration = ReadVirtualConfiguration(access.Cpu) | added;
        _effects.Add(new(LoongArchEventKind.NestedWrite, access.Cpu, 0, VirtualConfiguration, configuration));
        _eiointc.Write(access.Cpu, VirtualConfiguration, sizeof(uint), configuration);
    }

    private uint ReadVirtualConfiguration(int cpu)
    {
        _eiointc.Read(cpu, VirtualConfiguration, sizeof(uint), out var configuration);
        _effects.Add(new(LoongArchEventKind.NestedRead, cpu, 0, VirtualConfiguration, (uint)configuration));
        return (uint)configuration;
    }

    private void DriveLine(int cpu, int line, bool level)
    {
        var again = ((_lines[cpu] >> line) & 1) == (level ? 1u : 0);
        SetLine(cpu, line, level);
        _effects.Add(new(again ? LoongArchEventKind.CpuLineAgain : LoongArchEventKind.CpuLine, cpu, line, 0, level ? 1UL : 0));
    }

    private void DriveVector(int vector, bool level)
    {
        var again = _vectors[vector] == level;
        _vectors[vector] = level;
        _effects.Add(new(again ? LoongArchEventKind.VectorPinAgain : LoongArchEventKind.VectorPin, 0, vector, 0, level ? 1UL : 0));
        _eiointc.Input(vector, level);
    }

    private void NoteNested(DeviceReport report) => _effects.Add(new(
        AccessDetail.IsWrite(report.Detail) ? LoongArchEventKind.NestedWrite : LoongArchEventKind.NestedRead,
        report.Line,
        0,
        AccessDetail.AddressOf(report.Detail),
        report.Value & uint.MaxValue));
}
