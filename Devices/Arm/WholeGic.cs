using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm;

/// <summary>
/// A GIC in one piece: the board's half and that of each vCPU, wired without messages, so that all a call causes has happened when
/// it returns. For replay and for vectors; a machine has the halves in actors.
/// </summary>
public sealed partial class WholeGic
{
    private readonly GicBoard _board;
    private readonly GicCpu[] _cpus;
    private readonly GicCpuUapi[] _uapis;
    private readonly VcpuIds _vcpus;
    private readonly IWholeGicObserver? _observer;

    // What the CPUs have said while the board was busy; empty between calls.
    private readonly Queue<GicOperation> _waiting = [];

    // What the last operation has read.
    private ulong _value;

    /// <param name="profile">The implementation.</param>
    /// <param name="topology">What there is.</param>
    /// <param name="memory">Of the guest.</param>
    /// <param name="observer">Null: nobody looks.</param>
    public WholeGic(GicProfile profile, GicTopology topology, IGuestMemory memory, IWholeGicObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(topology);
        (Profile, Topology, Memory, _observer) = (profile, topology, memory, observer);
        _vcpus = new VcpuIds(topology.VcpuIds);
        _board = new GicBoard(new BoardHost(this), profile, topology, memory);
        _cpus = [.. topology.VcpuIds.Select((id, index) => new GicCpu(new CpuHost(this, index), profile, id, topology.Interrupts, topology.ItsBases.Count > 0))];
        _uapis = [.. _cpus.Select(cpu => new GicCpuUapi(cpu))];
    }

    public GicProfile Profile { get; }

    public GicTopology Topology { get; }

    public IGuestMemory Memory { get; }

    /// <summary>The half of a vCPU, by index.</summary>
    public GicCpu Cpu(int vcpu) => _cpus[vcpu];

    /// <summary>The guest reads a register by memory access.</summary>
    /// <param name="space">Where.</param>
    /// <param name="index">Of the vCPU whose redistributor it is, or of the ITS; not looked at for the distributor.</param>
    /// <param name="offset">From the base of that space.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    /// <returns>Zero-extended; 0 for what does not exist.</returns>
    public ulong Read(GicSpace space, int index, ulong offset, int size)
    {
        if (IsSgiFrame(space, offset))
        {
            _ = _cpus[index].ReadFrame(offset - RedistributorRegion.FrameBytes, size, out var value);
            return value;
        }

        _ = Do(space switch
        {
            GicSpace.Distributor => GicOperation.ReadDistributor(offset, size),
            GicSpace.Redistributor => GicOperation.ReadRedistributor(index, offset, size),
            _ => GicOperation.ReadIts(index, offset, size),
        });
        return _value;
    }

    /// <inheritdoc cref="Read"/>
    public void Write(GicSpace space, int index, ulong offset, int size, ulong value)
    {
        if (IsSgiFrame(space, offset))
        {
            _ = _cpus[index].WriteFrame(offset - RedistributorRegion.FrameBytes, size, value);
            Drain();
            return;
        }

        _ = Do(space switch
        {
            GicSpace.Distributor => GicOperation.WriteDistributor(offset, size, value),
            GicSpace.Redistributor => GicOperation.WriteRedistributor(index, offset, size, value),
            _ => GicOperation.WriteIts(index, offset, size, value),
        });
    }

    /// <summary>The guest reads ICC_*_EL1 on a vCPU. IAR acknowledges.</summary>
    public ulong ReadSystem(int vcpu, IccRegister register)
    {
        var value = _cpus[vcpu].ReadRegister(register);
        Drain();
        return value;
    }

    /// <summary>The guest writes ICC_*_EL1 on a vCPU; an SGI has reached its targets.</summary>
    public void WriteSystem(int vcpu, IccRegister register, ulong value)
    {
        if (IccRegisters.IsSgi(register))
        {
            Signal(vcpu, new SgiRequest(value), IccRegisters.KindOf(register));
        }
        else
        {
            _cpus[vcpu].WriteRegister(register, value);
        }

        Drain();
    }

    /// <summary>The level of the IRQ input of a vCPU.</summary>
    public bool IrqLine(int vcpu) => _cpus[vcpu].IrqLine;

    /// <inheritdoc cref="IrqLine"/>
    public bool FiqLine(int vcpu) => _cpus[vcpu].FiqLine;

    /// <inheritdoc cref="GicOperation.DriveSpi"/>
    public int DriveSpi(int interruptId, bool level) => Do(GicOperation.DriveSpi(interruptId, level));

    /// <inheritdoc cref="GicOperation.Initialize"/>
    public int Initialize(int interrupts) => Do(GicOperation.Initialize(interrupts));

    /// <returns>0, or -EINVAL where there is no such PPI or vCPU.</returns>
    public int DrivePpi(int vcpu, int interruptId, bool level)
    {
        if ((uint)vcpu >= (uint)_cpus.Length || interruptId is < InterruptIds.FirstPpi or >= InterruptIds.PrivateCount)
        {
            return Errno.InvalidArgument;
        }

        _cpus[vcpu].DrivePpi(interruptId, level);
        return Errno.Success;
    }

    /// <inheritdoc cref="GicOperation.SendMessage"/>
    public int SendMessage(ulong address, uint data, uint flags, uint deviceId) => Do(GicOperation.SendMessage(address, data, flags, deviceId));

    /// <summary>PSCI CPU_ON after CPU_OFF: the CPU interface is as after reset, the redistributor stays.</summary>
    public void ResetCpuInterface(int vcpu) => _cpus[vcpu].ResetInterface();

    /// <summary>User space has placed redistributors.</summary>
    public void AddRegion(RedistributorRegion region) => Do(GicOperation.AddRegion(region));

    /// <inheritdoc cref="GicOperation.CreateIts"/>
    public int CreateIts() => Do(GicOperation.CreateIts()) == Errno.Success ? (int)_value : Errno.InvalidArgument;

    /// <summary>User space has placed an ITS.</summary>
    public void PlaceIts(int its, ulong address) => Do(GicOperation.PlaceIts(its, address));

    /// <summary>KVM_GET_DEVICE_ATTR of the GIC: registers and levels, whichever half has them.</summary>
    /// <returns>0 or a negative errno.</returns>
    public int GetAttribute(uint group, ulong attribute, out ulong value)
    {
        if (TryRouteToCpu(group, attribute, out var vcpu))
        {
            return GetOfCpu(vcpu, group, attribute, out value);
        }

        var result = Do(GicOperation.GetAttribute(group, attribute));
        value = _value;
        return result;
    }

    /// <summary>KVM_SET_DEVICE_ATTR of the GIC, likewise.</summary>
    /// <returns>0 or a negative errno.</returns>
    public int SetAttribute(uint group, ulong attribute, ulong value)
    {
        if (!TryRouteToCpu(group, attribute, out var vcpu))
        {
            return Do(GicOperation.SetAttribute(group, attribute, value));
        }

        var result = SetOfCpu(vcpu, group, attribute, value);
        Drain();
        return result;
    }

    /// <summary>KVM_GET_DEVICE_ATTR of an ITS.</summary>
    /// <returns>0 or a negative errno.</returns>
    public int GetItsAttribute(int its, uint group, ulong attribute, out ulong value)
    {
        var result = Do(GicOperation.GetItsAttribute(its, group, attribute));
        value = _value;
        return result;
    }

    /// <summary>KVM_SET_DEVICE_ATTR of an ITS.</summary>
    /// <returns>0 or a negative errno.</returns>
    public int SetItsAttribute(int its, uint group, ulong attribute, ulong value) => Do(GicOperation.SetItsAttribute(its, group, attribute, value));

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Begin("board");
        _board.SyncState(sync);
        sync.End();
        for (var vcpu = 0; vcpu < _cpus.Length; vcpu++)
        {
            sync.Begin("cpu", vcpu);
            _cpus[vcpu].SyncState(sync);
            sync.End();
        }
    }

    private static bool IsSgiFrame(GicSpace space, ulong offset) => space == GicSpace.Redistributor && offset >= RedistributorRegion.FrameBytes;

    private void Signal(int sender, SgiRequest request, SgiKind kind)
    {
        for (var position = 0; request.TryNext(_vcpus, sender, ref position, out var target, Profile.TargetsByIndex);)
        {
            _ = _cpus[target].TrySetSgi(request.InterruptId, kind);
        }
    }

    private int Do(in GicOperation operation)
    {
        Finish(operation);
        _value = _board.Value;
        var result = _board.Result;
        Drain();
        return result;
    }

    private void Drain()
    {
        while (_waiting.TryDequeue(out var operation))
        {
            Finish(operation);
        }
    }

    private void Finish(in GicOperation operation)
    {
        _board.Begin(operation);
        while (!_board.TryAdvance())
        {
            foreach (var recall in _board.Recalls)
            {
                _board.Returned(recall, _cpus[recall.Vcpu].Recall(recall.FirstInterrupt, recall.Mask));
            }
        }
    }

    /// <summary>Whether an attribute names what a vCPU's half has: CPU registers, its SGI frame, levels of private interrupts. -1 where there is no such vCPU.</summary>
    private bool TryRouteToCpu(uint group, ulong attribute, out int vcpu)
    {
        vcpu = _vcpus.IndexOfAffinity((uint)(attribute >> GicAttributes.AffinityShift));
        return group switch
        {
            GicAttributes.CpuRegisters => true,
            GicAttributes.RedistributorRegisters => (uint)attribute >= RedistributorRegion.FrameBytes,
            GicAttributes.LevelInfo => (uint)attribute == 0,
            _ => false,
        };
    }

    private int GetOfCpu(int vcpu, uint group, ulong attribute, out ulong value)
    {
        value = 0;
        if (vcpu == VcpuIds.Absent)
        {
            return Errno.InvalidArgument;
        }

        if (group == GicAttributes.CpuRegisters)
        {
            return _uapis[vcpu].GetSystemRegister((ushort)attribute, out value);
        }

        value = group == GicAttributes.LevelInfo ? _uapis[vcpu].GetLineLevels() : _uapis[vcpu].GetFrame((uint)attribute - (uint)RedistributorRegion.FrameBytes);
        return Errno.Success;
    }

    private int SetOfCpu(int vcpu, uint group, ulong attribute, ulong value)
    {
        if (vcpu == VcpuIds.Absent)
        {
            return Errno.InvalidArgument;
        }

        switch (group)
        {
            case GicAttributes.CpuRegisters:
                return _uapis[vcpu].SetSystemRegister((ushort)attribute, value);
            case GicAttributes.LevelInfo:
                _uapis[vcpu].SetLineLevels((uint)value);
                return Errno.Success;
            default:
                _uapis[vcpu].SetFrame((uint)attribute - (uint)RedistributorRegion.FrameBytes, (uint)value);
                return Errno.Success;
        }
    }
}
