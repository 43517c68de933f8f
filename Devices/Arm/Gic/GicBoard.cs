using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Its;
using Trapline.Devices.Arm.Lpi;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Gic;

/// <summary>
/// The board's half of a GICv3 with ITS: distributor, RD frames of the redistributors, LPIs, ITSs. It does one operation after
/// another; one that needs an interrupt which a CPU interface has names it in <see cref="Recalls"/> and goes on when it is back.
/// </summary>
/// <remarks>
/// A device does not wait: whoever carries it fetches what is missing. What an operation needs is asked for anew at each
/// <see cref="TryAdvance"/>, so an operation that waits is no more than itself and what has come back so far.
/// </remarks>
public sealed partial class GicBoard
{
    private readonly IGicBoardHost _host;
    private readonly GicProfile _profile;
    private readonly VcpuIds _vcpus;
    private readonly SpiStore _spis;
    private readonly Distributor _distributor;
    private readonly Redistributors _redistributors;
    private readonly ItsGroup _its;
    private readonly LpiStore _lpis;
    private readonly List<Recall> _recalls = [];
    private GicOperation _operation;

    // Only the commands are left, which a write to an ITS has started.
    private bool _isExecuted;
    private ulong _value;
    private int _result;

    /// <param name="host">What it acts on.</param>
    /// <param name="profile">The implementation.</param>
    /// <param name="topology">What there is at first.</param>
    /// <param name="memory">Of the guest: tables, command queues.</param>
    /// <exception cref="ArgumentException">The topology is none.</exception>
    public GicBoard(IGicBoardHost host, GicProfile profile, GicTopology topology, IGuestMemory memory)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(topology);
        ArgumentNullException.ThrowIfNull(memory);
        topology.Check();
        (_host, _profile) = (host, profile);
        _vcpus = new VcpuIds(topology.VcpuIds);
        _spis = new SpiStore(host, profile, _vcpus, topology.Interrupts);
        _distributor = new Distributor(host, profile, _spis, () => _redistributors!.HasIts, topology.HasUnmaskable);
        _redistributors = new Redistributors(profile, _vcpus, _spis, () => _distributor.Revision);
        _its = new ItsGroup(host, profile, memory, _redistributors);
        _lpis = _its.Lpis;
        foreach (var region in topology.Regions)
        {
            _redistributors.Placement.Add(region);
        }

        foreach (var address in topology.ItsBases)
        {
            PlaceIts(CreateIts(), address);
        }
    }

    /// <summary>Whether an operation was begun and is not finished.</summary>
    public bool IsBusy => _operation.Kind != GicOperationKind.None;

    /// <summary>What was read, after <see cref="TryAdvance"/> has returned true.</summary>
    public ulong Value => _value;

    /// <summary>0, a negative errno, or what the kind of operation says.</summary>
    public int Result => _result;

    /// <summary>What has to be fetched before the operation can go on, after <see cref="TryAdvance"/> has returned false.</summary>
    public IReadOnlyList<Recall> Recalls => _recalls;

    /// <summary>GICD_CTLR's enables: bit 0 for group 0, bit 1 for group 1.</summary>
    public uint EnabledGroups => _spis.EnabledGroups;

    /// <summary>INTIDs of the distributor, with the private ones.</summary>
    public int Interrupts => _spis.Interrupts;

    /// <summary>Starts an operation; the one before must be finished.</summary>
    /// <exception cref="ArgumentException">It names a vCPU or an ITS that there is not.</exception>
    public void Begin(in GicOperation operation)
    {
        if (IsBusy)
        {
            throw new InvalidOperationException($"{_operation.Kind} is not finished: advance it first");
        }

        Check(operation);
        _operation = operation;
        (_value, _result) = (0, Errno.Success);
    }

    /// <summary>Goes on as far as it can.</summary>
    /// <returns>
    /// True: the operation is finished, with all that it has caused. False: fetch <see cref="Recalls"/>, say <see cref="Returned"/> for
    /// each, and advance again.
    /// </returns>
    public bool TryAdvance()
    {
        if (!IsBusy)
        {
            throw new InvalidOperationException("no operation was begun");
        }

        _recalls.Clear();
        if (!_isExecuted)
        {
            CollectRecalls();
            if (_recalls.Count > 0)
            {
                return false;
            }

            Execute();
            _spis.Settle();
            _lpis.Settle();
            _isExecuted = true;
        }

        if (!TryExecuteCommands())
        {
            return false;
        }

        (_operation, _isExecuted) = (default, false);
        return true;
    }

    /// <summary>How many ITSs there are.</summary>
    public int ItsCount => _its.Count;

    /// <summary>The answer to one of <see cref="Recalls"/>. What was not asked for, or has come back already, is ignored.</summary>
    /// <exception cref="ArgumentException">There are no such interrupts.</exception>
    public void Returned(in Recall recall, in RecallAnswer answer)
    {
        var isSpi = _spis.Exists(recall.FirstInterrupt);
        if (recall.FirstInterrupt % SpiStore.WordBits != 0 || (!isSpi && !InterruptIds.IsLpi(recall.FirstInterrupt)) || (uint)recall.Vcpu >= (uint)_vcpus.Count)
        {
            throw new ArgumentException($"vCPU {recall.Vcpu} cannot have INTID {recall.FirstInterrupt} and the 31 above", nameof(recall));
        }

        if (isSpi)
        {
            _spis.Returned(recall, answer);
        }
        else
        {
            _lpis.Returned(recall, answer);
        }
    }

    /// <summary>All state, with an operation that waits; rows have no side effects.</summary>
    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Begin("operation");
        GicOperation.SyncRows(sync, ref _operation);
        sync.Row("executed", ref _isExecuted);
        sync.Row("read", ref _value);
        sync.Row("result", ref _result);
        sync.End();
        _distributor.SyncState(sync);
        sync.Begin("spis");
        _spis.SyncState(sync);
        sync.End();
        sync.Begin("redistributors");
        _redistributors.SyncState(sync);
        sync.End();
        _its.SyncState(sync);
        if (sync.Loading)
        {
            _recalls.Clear();
            CheckLoaded();
        }
    }
}
