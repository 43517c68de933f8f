using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Migration;

/// <summary>What became of a migration: rows of the VMM that was its source.</summary>
public sealed class MigrationResult
{
    public const int RoundLimit = 1024;
    private const int Steps = (int)MigrationStep.Done + 1;
    private const int SideCount = (int)MigrationSide.Link + 1;

    private readonly VirtualTime[] _began = new VirtualTime[Steps];
    private MigrationOutcome _outcome;
    private MigrationStep _endedIn;
    private byte _failed = SideCount;
    private VirtualTime _asked;
    private VirtualTime _resumedAt = VirtualTime.Never;
    private VirtualTime _endedAt = VirtualTime.Never;
    private int _source;
    private int _target;
    private int _runsAt;
    private int _error;
    private byte _refused;
    private long _stateBytes;
    private int _stateItems;
    private PendingInterrupts _pending;

    public MigrationResult() => Array.Fill(_began, VirtualTime.Never);

    public MigrationOutcome Outcome { get => _outcome; internal set => _outcome = value; }

    /// <summary>The step that was the last.</summary>
    public MigrationStep EndedIn { get => _endedIn; internal set => _endedIn = value; }

    /// <summary>Who failed; null where nobody did.</summary>
    public MigrationSide? Failed
    {
        get => _failed < SideCount ? (MigrationSide)_failed : null;
        internal set => _failed = value is { } side ? (byte)side : (byte)SideCount;
    }

    /// <summary>The time for which it was planned, or at which a person asked for it.</summary>
    public VirtualTime Asked { get => _asked; internal set => _asked = value; }

    /// <summary>When vCPUs ran again, wherever; never where the guest was not stopped, or did not run again.</summary>
    public VirtualTime ResumedAt { get => _resumedAt; internal set => _resumedAt = value; }

    public VirtualTime EndedAt { get => _endedAt; internal set => _endedAt = value; }

    /// <summary>Number of the host that the VM is to leave.</summary>
    public int Source { get => _source; internal set => _source = value; }

    /// <summary>Number of the host that it is to go to.</summary>
    public int Target { get => _target; internal set => _target = value; }

    /// <summary>A negative errno where an ioctl of either side failed; else 0.</summary>
    public int Error { get => _error; internal set => _error = value; }

    /// <summary>The group of state, a <c>StateGroup</c>, at which the destination refused; 0 where it did not.</summary>
    public byte Refused { get => _refused; internal set => _refused = value; }

    /// <summary>State without pages, on the link.</summary>
    public long StateBytes { get => _stateBytes; internal set => _stateBytes = value; }

    /// <summary>Values read out through the boundary.</summary>
    public int StateItems { get => _stateItems; internal set => _stateItems = value; }

    public PendingInterrupts Pending { get => _pending; internal set => _pending = value; }

    public List<MigrationRound> Rounds { get; } = [];

    /// <summary>Which host runs the VM afterwards.</summary>
    public int RunsAt { get => _runsAt; internal set => _runsAt = value; }

    /// <summary>When a step began; never where it did not.</summary>
    public VirtualTime Began(MigrationStep step) => _began[(int)step];

    internal void Begin(MigrationStep step, VirtualTime at) => (_began[(int)step], _endedIn) = (at, step);

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        var (outcome, endedIn) = ((byte)_outcome, (byte)_endedIn);
        sync.RowBelow("outcome", ref outcome, (int)MigrationOutcome.Failed + 1);
        sync.RowBelow("endedIn", ref endedIn, Steps);
        sync.RowBelow("failed", ref _failed, SideCount + 1);
        (_outcome, _endedIn) = ((MigrationOutcome)outcome, (MigrationStep)endedIn);
        sync.Row("asked", ref _asked);
        sync.Row("resumedAt", ref _resumedAt);
        sync.Row("endedAt", ref _endedAt);
        for (var step = 0; step < Steps; step++)
        {
            sync.Begin("step", step);
            sync.Row("began", ref _began[step]);
            sync.End();
        }

        sync.Row("source", ref _source);
        sync.Row("target", ref _target);
        sync.Row("runsAt", ref _runsAt);
        sync.Row("error", ref _error);
        sync.Row("refused", ref _refused);
        sync.Row("stateBytes", ref _stateBytes);
        sync.Row("stateItems", ref _stateItems);
        sync.Begin("pending");
        _pending.SyncState(sync);
        sync.End();
        sync.List("rounds", "round", Rounds, RoundLimit, static (StateSync rows, ref MigrationRound round) => round.SyncState(rows));
    }
}
