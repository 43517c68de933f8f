using Trapline.Actors.Boundary;
using Trapline.Actors.Devices;
using Trapline.Actors.Guests;
using Trapline.Actors.Memory;
using Trapline.Actors.Statistics;
using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Arm.Vm;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Arm;

/// <summary>
/// Carries the board's half of a GICv3 with ITS behind one lock: accesses of every vCPU to distributor, RD frames and ITS,
/// wires, messages, attributes, and what CPU interfaces let go of. What it gives to the CPU interfaces, and asks back from them, is in
/// the other part of the class.
/// </summary>
/// <remarks>
/// KVM has a lock for the configuration, one for the commands and one for the mappings of an ITS, and one for each interrupt; here a
/// batch of commands is done before anything else gets its turn.
/// </remarks>
public sealed partial class GicActor : DeviceActor, IGicBoardHost
{
    private readonly int _vcpus;
    private readonly GicProfile _profile;
    private readonly GicTopology _topology;
    private readonly GicMemory _memory;
    private readonly VirtualTime _commandCost;
    private readonly ActorAddress _boundary;
    private GicBoard _board;
    private bool _exists;
    private readonly GicFates _fates = new();

    /// <param name="machine">Number of the machine.</param>
    /// <param name="profile">Whose behaviour it has.</param>
    /// <param name="topology">What it is built of.</param>
    /// <param name="layout">Where guest memory is.</param>
    /// <param name="memory">The board's pages.</param>
    /// <param name="home">Their home.</param>
    /// <param name="commandCost">What a command of an ITS costs who made it run.</param>
    public GicActor(int machine, GicProfile profile, GicTopology topology, GuestLayout layout, GuestMemory memory, MemoryActor home, VirtualTime commandCost)
        : base(new ActorAddress(machine, ActorRole.Gic, 0))
    {
        ArgumentNullException.ThrowIfNull(topology);
        _vcpus = topology.VcpuIds.Count;
        (_profile, _topology, _commandCost) = (profile, topology, commandCost);
        _memory = new GicMemory(this, layout, memory, home, _vcpus);
        _boundary = new ActorAddress(machine, ActorRole.Boundary, 0);
        _board = Fresh();
    }

    /// <summary>What became of what was raised here, up to its hand-over.</summary>
    public InterruptFates Fates => _fates.Total;

    /// <summary>Raises that wait here, behind an enable or for a target.</summary>
    public int Waiting => _fates.Waiting;

    /// <summary>An LPI is pending for one CPU at most. Not so where the pending tables are the state: each may have its bit.</summary>
    public bool LpisHaveOneOwner => !_profile.TablesAreState;

    /// <summary>Of the ITSs.</summary>
    public CommandStatistics Commands { get; } = new();

    /// <summary>What it is doing, and for whom; for errors.</summary>
    internal string Task => Request.Kind is MessageKind.MmioRead or MessageKind.MmioWrite
        ? $"in the course of {Request.Source}'s {ExitReasons.NameOf(ReasonOf(Request.Word0, Request.Kind == MessageKind.MmioWrite))}"
        : $"in the course of {Request.Source}'s {Request.Kind}";

    protected override bool Listens => true;

    /// <summary>The request is user space's, which sets what was on another host.</summary>
    private bool IsOfUserSpace => Request.Kind == MessageKind.DeviceAttribute;

    protected override InterruptSource Source => InterruptSource.Controller;

    protected override void SyncDevice(StateSync sync)
    {
        sync.Row("exists", ref _exists);
        _board.SyncState(sync);
        SyncOutgoing(sync);
        _fates.SyncState(sync);
        sync.Begin("its");
        Commands.SyncState(sync);
        sync.End();
    }

    protected override void SyncModel(StateSync sync) => _board.SyncState(sync);

    /// <summary>In the kernel from KVM_CREATE_DEVICE to the end of the VM; an ITS, which comes by itself, from its own.</summary>
    protected override void ChangeLife(bool exists)
    {
        if (exists && (KvmDeviceType)Request.Word1 == KvmDeviceType.Its)
        {
            Do(GicOperation.CreateIts());
            Do(GicOperation.PlaceIts(_board.ItsCount - 1, ArmAddressMap.ItsBase));
            return;
        }

        _exists = exists;
        _board = Fresh();
        _fates.Clear();
    }

    protected override void Reported(in DeviceReport report) => _fates.Note(in report, IsOfUserSpace);

    protected override void Perform(in Message request)
    {
        if ((!_exists && request.Kind != MessageKind.DeviceAttribute) || (IsOfIts(in request) && _board.ItsCount == 0))
        {
            // Of a VM that is gone, or without a GIC, or without an ITS.
            Complete(AccessOutcome.UserSpace, 0, 0);
            return;
        }

        _fates.Begin();
        _board.Begin(OperationOf(in request));
        if (HaltsGuest(in request))
        {
            AddOutput(GicOutputs.Halt(request.Source.Index));
            AddOutput(GicOutputs.GoOn());
            return;
        }

        Advance();
    }

    /// <summary>
    /// What list registers say of an active interrupt is known outside the guest alone: KVM halts all vCPUs before it shows or changes the
    /// active state of an SPI (vgic_access_active_prepare in arch/arm64/kvm/vgic/vgic-mmio.c). User space has halted them itself.
    /// </summary>
    private bool HaltsGuest(in Message request)
    {
        var offset = request.Word0 - ArmAddressMap.DistributorBase;
        return _vcpus > 1 && request.Kind is MessageKind.MmioRead or MessageKind.MmioWrite && request.Source.Role == ActorRole.Vcpu
            && offset is >= DistributorRegisters.SetActive and < DistributorRegisters.Priority
            && RegisterAccess.Width(in request) == sizeof(uint) && offset % sizeof(uint) == 0
            && offset % DistributorRegisters.BitArrayBytes * 8 is var first && first >= InterruptIds.FirstSpi && first < (uint)_board.Interrupts;
    }

    /// <summary>Nothing has to be fetched for it, and nobody waits for its result.</summary>
    private void Do(GicOperation operation)
    {
        _board.Begin(operation);
        _ = _board.TryAdvance();
    }

    private GicBoard Fresh() => new(this, _profile, _topology, _memory);

    private GicOperation OperationOf(in Message request) => request.Kind switch
    {
        MessageKind.MmioRead or MessageKind.MmioWrite => AccessOf(in request),
        MessageKind.PinInput => GicOperation.DriveSpi((int)request.Word0, (request.Word1 & 1) != 0),
        MessageKind.MessageSignal => GicOperation.SendMessage(request.Word3, (uint)request.Word0, (uint)(request.Word1 >> 32), (uint)(request.Word0 >> 32)),
        MessageKind.DeviceAttribute => BoardOperations.Of(IoctlMessage.Device(in request), (request.Word0 & 1) != 0, IoctlMessage.Upper(in request), request.Word1, request.Word2, _vcpus),
        MessageKind.InterruptRelease => GicOperation.Release(request.Source.Index, (ushort)request.Word0, (uint)(request.Word0 >> 32)),
        MessageKind.InterruptDeactivate => GicOperation.Deactivate(request.Source.Index, Deactivation.Unpack((ushort)request.Word0, request.Word1)),
        _ => throw Unexpected(in request),
    };

    private static bool IsOfIts(in Message request) => request.Kind is MessageKind.MmioRead or MessageKind.MmioWrite
        && request.Word0 is >= ArmAddressMap.ItsBase and < ArmAddressMap.RedistributorBase;

    private GicOperation AccessOf(in Message request)
    {
        var (address, size, isWrite) = (request.Word0, RegisterAccess.Width(in request), request.Kind == MessageKind.MmioWrite);
        if (ArmAddressMap.TryFindRedistributor(address, _vcpus, out var vcpu, out var offset))
        {
            return isWrite ? GicOperation.WriteRedistributor(vcpu, offset, size, request.Word2) : GicOperation.ReadRedistributor(vcpu, offset, size);
        }

        if (address >= ArmAddressMap.ItsBase)
        {
            offset = address - ArmAddressMap.ItsBase;
            return isWrite ? GicOperation.WriteIts(0, offset, size, request.Word2) : GicOperation.ReadIts(0, offset, size);
        }

        offset = address - ArmAddressMap.DistributorBase;
        return isWrite ? GicOperation.WriteDistributor(offset, size, request.Word2) : GicOperation.ReadDistributor(offset, size);
    }

    /// <summary>The operation is finished: what it answers.</summary>
    private void Finish()
    {
        switch (Request.Kind)
        {
            case MessageKind.MmioRead:
                Complete(AccessOutcome.Done, _board.Value, ReasonOf(Request.Word0, isWrite: false));
                break;
            case MessageKind.MmioWrite:
                Complete(AccessOutcome.Done, 0, ReasonOf(Request.Word0, isWrite: true));
                break;
            case MessageKind.DeviceAttribute:
                Complete(_board.Result, _board.Value);
                Observer?.Replaced(this);
                break;
            default:
                Complete(_board.Result, _board.Value);
                break;
        }
    }

    private int ReasonOf(ulong address, bool isWrite)
    {
        if (ArmAddressMap.TryFindRedistributor(address, _vcpus, out _, out var offset))
        {
            return isWrite ? ExitReasons.RedistributorWrite(offset) : ExitReasons.RedistributorRead(offset);
        }

        if (address >= ArmAddressMap.ItsBase)
        {
            offset = address - ArmAddressMap.ItsBase;
            return isWrite ? ExitReasons.ItsWrite(offset) : ExitReasons.ItsRead(offset);
        }

        offset = address - ArmAddressMap.DistributorBase;
        return isWrite ? ExitReasons.DistributorWrite(offset) : ExitReasons.DistributorRead(offset);
    }
}
