using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Arm.Profiles;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Gic;

/// <summary>
/// The board's half of a GICv3 with ITS: distributor, RD frames of the redistributors, LPIs, ITSs. It does one operation after
/// another; one that needs an interrupt which a CPU interface has names it in <see cref="Recalls"/> and goes on when it is back.
/// </summary>
public sealed class GicBoard
{
    private readonly List<Recall> _recalls = [];
    private GicOperation _operation;
    private ulong _value;
    private int _result;

    public GicBoard(IGicBoardHost host, GicProfile profile, GicTopology topology, IGuestMemory memory)
    {
        ArgumentNullException.ThrowIfNull(topology);
        topology.Check();
        _ = (host, profile, memory);
    }

    /// <summary>Whether an operation was begun and is not finished.</summary>
    public bool IsBusy => _operation.Kind != GicOperationKind.None;

    /// <summary>What was read, after <see cref="TryAdvance"/> has returned true.</summary>
    public ulong Value => _value;

    /// <summary>0, a negative errno, or what the kind of operation says.</summary>
    public int Result => _result;

    /// <summary>What has to be fetched before the operation can go on, after <see cref="TryAdvance"/> has returned false.</summary>
    public IReadOnlyList<Recall> Recalls => _recalls;

    /// <summary>Starts an operation; the one before must be finished.</summary>
    public void Begin(in GicOperation operation)
    {
        if (IsBusy)
        {
            throw new InvalidOperationException($"{_operation.Kind} is not finished: advance it first");
        }

        _operation = operation;
        (_value, _result) = (0, 0);
    }

    /// <summary>Goes on as far as it can.</summary>
    /// <returns>True: the operation is finished, with all that it has caused. False: fetch <see cref="Recalls"/>, say <see cref="Returned"/> for each, and advance again.</returns>
    public bool TryAdvance()
    {
        _operation = default;
        return true;
    }

    /// <summary>The answer to one of <see cref="Recalls"/>. One that was not asked for is an error of the caller.</summary>
    public void Returned(in Recall recall, in RecallAnswer answer) => _recalls.Remove(recall);

    /// <summary>All state, with an operation that waits; rows have no side effects.</summary>
    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Begin("operation");
        GicOperation.SyncRows(sync, ref _operation);
        sync.Row("result", ref _result);
        sync.Row("read", ref _value);
        sync.End();
    }
}
