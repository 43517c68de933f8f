using Trapline.Actors.Invariants;
using Trapline.Cluster.Attempts;
using Trapline.Machines.Results;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Cluster.Runs;

/// <summary>What the nodes of a variant's run found, before it is made into a report: how it travels to whoever reports it.</summary>
internal sealed class VariantOutcome(VariantPlan plan)
{
    private const int MostNodes = 1024;
    private const int LongestPath = 1024;

    private VirtualTime _limit;
    private bool _interrupted;
    private long _wallMicroseconds;
    private long _windows;
    private VirtualTime _lookahead;
    private string _limiting = "";

    /// <summary>By number of the node.</summary>
    public List<NodeResult> Results { get; } = [];

    /// <summary>By number of the node; empty where nothing was violated.</summary>
    public List<NodeLives> Lives { get; } = [];

    /// <summary>By number of the node.</summary>
    public List<NodeTimes> Times { get; } = [];

    /// <summary>Windows between nodes, in the last attempt.</summary>
    public long Windows { get => _windows; init => _windows = value; }

    /// <summary>Between nodes, at the end.</summary>
    public VirtualTime Lookahead { get => _lookahead; init => _lookahead = value; }

    /// <summary>The path that limits <see cref="Lookahead"/>.</summary>
    public string Limiting { get => _limiting; init => _limiting = value; }

    /// <summary>When the variant would have ended anyway.</summary>
    public VirtualTime Limit { get => _limit; init => _limit = value; }

    /// <summary>A person stopped it.</summary>
    public bool Interrupted { get => _interrupted; init => _interrupted = value; }

    /// <summary>Of the last attempt, its joining included.</summary>
    public TimeSpan Wall { get => TimeSpan.FromMicroseconds(_wallMicroseconds); init => _wallMicroseconds = (long)value.TotalMicroseconds; }

    /// <summary>What is violated according to all nodes: each comes to the same judgement.</summary>
    public static IReadOnlyList<Violation> Violations(IEnumerable<NodeResult> results) => new RunJudge([.. results.Select(result => result.Observed)]).Violations();

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Row("limit", ref _limit);
        sync.Row("interrupted", ref _interrupted);
        sync.Row("wallMicroseconds", ref _wallMicroseconds);
        sync.Row("windows", ref _windows);
        sync.Row("lookahead", ref _lookahead);
        sync.Text("limiting", ref _limiting, LongestPath);
        sync.Parts("times", Times, MostNodes, static () => new NodeTimes(), static (times, rows) => times.SyncState(rows));
        sync.Parts("results", Results, MostNodes, () => new NodeResult(plan.Program), static (result, rows) => result.SyncState(rows));
        sync.Parts("lives", Lives, MostNodes, static () => new NodeLives(), static (lives, rows) => lives.SyncState(rows));
    }

    /// <param name="faults">Of the plan that was run.</param>
    public VariantReport Report(IReadOnlyList<Actors.Faults.FaultPlan> faults)
    {
        ObservedResult[] observed = [.. Results.Select(result => result.Observed)];
        var rows = new ViolationRows(faults, observed, Lives);
        var report = new VariantReportBuilder(plan.Variant, plan.Program, Results)
            .Build(Limit, Interrupted, Wall.TotalSeconds, (rows.Of(new RunJudge(observed).Violations()), rows.Faults()));
        return report with { Split = Times.Count > 1 ? SplitSummary.Of(Times, Wall, Windows, report.Messages, Lookahead, Limiting) : null };
    }
}
