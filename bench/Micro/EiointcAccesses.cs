using BenchmarkDotNet.Attributes;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Profiles;

namespace Trapline.Bench.Micro;

/// <summary>Register accesses and inputs of EIOINTC, in a machine of 256 vCPUs.</summary>
public class EiointcAccesses
{
    private const int Vcpus = 256;
    private const int Vector = 65;

    private readonly Eiointc _device;

    // No constants: the compiler would look up the register once and for all.
    private readonly ulong _status = EiointcRegisters.Base + EiointcRegisters.CoreStatus + sizeof(ulong);
    private readonly ulong _enable = EiointcRegisters.Base + EiointcRegisters.Enable + sizeof(ulong);
    private readonly uint _coreMap = (uint)EiointcRegisters.Base + EiointcRegisters.CoreMap + (Vector & ~3);
    private uint _route;

    public EiointcAccesses()
    {
        var ids = new CpuIdMap(Vcpus);
        for (var vcpu = 0; vcpu < Vcpus; vcpu++)
        {
            if (ids.TryAssign(vcpu, (ulong)vcpu) != Errno.Success)
            {
                throw new InvalidOperationException($"vCPU {vcpu} cannot have its own index as physical id");
            }
        }

        _device = new Eiointc(new QuietHost(), LoongArchProfiles.Kvm, ids, Vcpus, features: 0xB);
        _device.Write(0, _enable, sizeof(ulong), ulong.MaxValue);
    }

    [Benchmark]
    public ulong ReadStatus()
    {
        _device.Read(0, _status, sizeof(ulong), out var value);
        return value;
    }

    /// <summary>A message from its raise to its end.</summary>
    [Benchmark]
    public ulong RaiseReadClear()
    {
        _device.Input(Vector, true);
        _device.Read(0, _status, sizeof(ulong), out var status);
        _device.Write(0, _status, sizeof(ulong), status);
        return status;
    }

    /// <summary>One step of a change of affinity: the vector goes to another of four CPUs, by ANY_SEND.</summary>
    [Benchmark]
    public AccessOutcome Move()
    {
        _route = (_route + 1) & 3;
        return _device.MaskedWrite(0, _coreMap, keepBytes: 0xD, 1u << (int)_route << 8);
    }
}
