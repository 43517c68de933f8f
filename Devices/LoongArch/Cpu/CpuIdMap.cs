using Trapline.Devices.Common;
using Trapline.Messages.State;

namespace Trapline.Devices.LoongArch.Cpu;

/// <summary>
/// Which vCPU has which physical CPU id (CSR.CPUID), of one VM. Interrupts are addressed by physical id. An id is given
/// once and never changes (Linux arch/loongarch/kvm/vcpu.c, kvm_set_cpuid and kvm_drop_cpuid).
/// </summary>
/// <param name="vcpus">How many vCPUs the VM may have.</param>
/// <param name="readsWrongRegister">
/// As in version 6 of the patch series: what a vCPU has already is read from ESTAT, which is 0 before its first run, and
/// 0 was taken for "perhaps none". So a vCPU can get a second id and both name it; and where slot 0 is taken, another
/// that asks for 0 is told that it has it, and has not.
/// </param>
public sealed class CpuIdMap(int vcpus, bool readsWrongRegister = false)
{
    /// <summary>KVM_MAX_PHYID: ids are below it, and CSR.CPUID holds it while none is given.</summary>
    public const int Limit = 256;

    /// <summary>The answer where an id belongs to no vCPU.</summary>
    public const int None = -1;

    private readonly ulong[] _idOfVcpu = Filled(new ulong[vcpus], readsWrongRegister ? 0ul : Limit);
    private readonly int[] _vcpuOfId = Filled(new int[Limit], None);

    /// <summary>How many vCPUs the VM may have.</summary>
    public int Vcpus => _idOfVcpu.Length;

    /// <summary>Gives a vCPU its id.</summary>
    /// <returns>
    /// 0, also where the vCPU has this id already; <see cref="Errno.InvalidArgument"/> where the id is 256 or more,
    /// belongs to another vCPU, or the vCPU has another one.
    /// </returns>
    public int TryAssign(int vcpu, ulong value)
    {
        CheckVcpu(vcpu);
        if (value >= Limit)
        {
            return Errno.InvalidArgument;
        }

        if (readsWrongRegister)
        {
            return AssignByStatus(vcpu, (int)value);
        }

        var current = _idOfVcpu[vcpu];
        if (current < Limit)
        {
            return current == value ? Errno.Success : Errno.InvalidArgument;
        }

        if (_vcpuOfId[value] != None)
        {
            return Errno.InvalidArgument;
        }

        _idOfVcpu[vcpu] = value;
        _vcpuOfId[value] = vcpu;
        return Errno.Success;
    }

    /// <summary>The vCPU of an id, or <see cref="None"/>: also for a negative id and one over 255.</summary>
    public int Find(int cpuId) => (uint)cpuId < Limit ? _vcpuOfId[cpuId] : None;

    /// <summary>The id of a vCPU, or <see cref="Limit"/> where it has none.</summary>
    public ulong IdOf(int vcpu)
    {
        CheckVcpu(vcpu);
        return _idOfVcpu[vcpu];
    }

    /// <summary>A destroyed vCPU gives its id back.</summary>
    public void Drop(int vcpu)
    {
        CheckVcpu(vcpu);
        if (readsWrongRegister)
        {
            // By then the registers were freed, and what ESTAT read was undefined; with 0, slot 0 is freed, whoever has it.
            _vcpuOfId[0] = None;
            return;
        }

        if (_idOfVcpu[vcpu] < Limit)
        {
            _vcpuOfId[_idOfVcpu[vcpu]] = None;
            _idOfVcpu[vcpu] = Limit;
        }
    }

    /// <summary>The VM has gone: no vCPU has an id.</summary>
    public void Clear()
    {
        Array.Fill(_idOfVcpu, readsWrongRegister ? 0ul : Limit);
        Array.Fill(_vcpuOfId, None);
    }

    public void SyncState(StateSync sync)
    {
        sync.Row("CPUID", _idOfVcpu);
        if (readsWrongRegister)
        {
            if (sync.Loading && Array.FindIndex(_idOfVcpu, id => id > Limit) is >= 0 and var wrong)
            {
                throw new StateFormatException($"row 'CPUID[{wrong}]': the id {_idOfVcpu[wrong]} is over {Limit}");
            }

            SyncSlots(sync);
        }
        else if (sync.Loading)
        {
            Rebuild();
        }
    }

    private static T[] Filled<T>(T[] array, T value)
    {
        Array.Fill(array, value);
        return array;
    }

    /// <summary>With ESTAT = 0: the "current id" is 0, and never forbids anything but to give 0 twice.</summary>
    private int AssignByStatus(int vcpu, int value)
    {
        if (value == 0 && _vcpuOfId[0] != None)
        {
            return Errno.Success;
        }

        if (_vcpuOfId[value] != None)
        {
            return _vcpuOfId[value] == vcpu ? Errno.Success : Errno.InvalidArgument;
        }

        _idOfVcpu[vcpu] = (ulong)value;
        _vcpuOfId[value] = vcpu;
        return Errno.Success;
    }

    /// <summary>Several slots may name one vCPU: the ids of the vCPUs do not say it all.</summary>
    private void SyncSlots(StateSync sync)
    {
        for (var id = 0; id < Limit; id++)
        {
            sync.Begin("slot", id);
            sync.Row("vcpu", ref _vcpuOfId[id]);
            sync.End();
            if (_vcpuOfId[id] < None || _vcpuOfId[id] >= _idOfVcpu.Length)
            {
                throw new StateFormatException($"row 'slot[{id}]': there is no vCPU {_vcpuOfId[id]}");
            }
        }
    }

    private void Rebuild()
    {
        Array.Fill(_vcpuOfId, None);
        for (var vcpu = 0; vcpu < _idOfVcpu.Length; vcpu++)
        {
            var id = _idOfVcpu[vcpu];
            if (id > Limit || (id < Limit && _vcpuOfId[id] != None))
            {
                throw new StateFormatException($"row 'CPUID[{vcpu}]': the id {id} is over {Limit} or belongs to two vCPUs");
            }

            if (id < Limit)
            {
                _vcpuOfId[id] = vcpu;
            }
        }
    }

    private void CheckVcpu(int vcpu)
    {
        if ((uint)vcpu >= (uint)_idOfVcpu.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(vcpu), $"vCPU {vcpu} is outside the {_idOfVcpu.Length} of this map");
        }
    }
}
