using System.Diagnostics;
using System.Text.Json;
using Trapline.Cluster.Coordination;
using Trapline.Cluster.Plans;
using Trapline.Cluster.Telemetry;

namespace Trapline.Cluster.Nodes;

/// <summary>
/// One node of a cluster: it keeps its membership alive, takes part in the attempts that name it, and holds runs that nobody else
/// holds. One thread looks at the database again and again; simulations, heartbeat and checkpoints have their own.
/// </summary>
public sealed class ClusterNode : IDisposable
{
    private static readonly TimeSpan IdleStep = TimeSpan.FromMilliseconds(500);

    // In a file any heartbeat of anybody wakes all: to look at each of them would cost more than the work. Who has none loses nothing by it.
    private static readonly TimeSpan LeastStep = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LeastIdleStep = TimeSpan.FromMilliseconds(10);

    private readonly NodeContext _context;
    private readonly EpochMemory _epochs;
    private readonly Membership _membership;
    private readonly Nudge _nudge;
    private readonly Dictionary<long, RunTending> _runs = [];
    private readonly SemaphoreSlim _turn = new(1);
    private readonly HashSet<long> _refused = [];
    private string _databaseProblem = "";
    private HostedAttempt[] _attempts = [];

    private ClusterNode(NodeContext context, EpochMemory epochs, Membership membership, Nudge nudge)
    {
        _nudge = nudge;
        _context = context;
        _epochs = epochs;
        _membership = membership;
        NodeInstruments.Watch(() => Volatile.Read(ref _attempts));
    }

    /// <summary>What the database last refused; empty while it answers.</summary>
    public string DatabaseProblem => Volatile.Read(ref _databaseProblem);

    /// <summary>Runs that this node does not touch any more, since the database is older than what was done with it.</summary>
    public int RefusedRuns => _refused.Count;

    /// <summary>Joins the cluster.</summary>
    /// <exception cref="CoordinationException">It cannot: another node has the name, or there is no database.</exception>
    /// <exception cref="IOException">The state folder cannot be used.</exception>
    internal static ClusterNode Join(NodeContext context, CancellationToken cancellation)
    {
        context.Settings.Validate();
        var epochs = EpochMemory.Open(context.Settings.StateFolder, context.Settings.Name, context.Coordination.ClusterId);
        var nudge = new Nudge();
        return new ClusterNode(context with { Made = run => epochs.Check(run, context.Coordination.Commits), Nudge = nudge.Give }, epochs, Membership.Join(context, cancellation), nudge);
    }

    /// <summary>Blocks until it is cancelled; then the node leaves its attempts and the cluster.</summary>
    public void Run(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var begun = Stopwatch.GetTimestamp();
                _nudge.Take();
                Look();
                if (Stopwatch.GetElapsedTime(begun) is var took && took > _context.Settings.Lease / 2)
                {
                    _context.Log($"a look at the database took {took.TotalSeconds:0.0} s: the machine or the database is overloaded, and a lease of {_context.Settings.Lease.TotalSeconds:0.#} s is short for it");
                }

                if (_databaseProblem.Length > 0)
                {
                    _context.Log("the database answers again");
                    Volatile.Write(ref _databaseProblem, "");
                }

                WaitForMore(cancellation);
            }
            catch (OperationCanceledException)
            {
                break;
            }
            catch (IOException failure)
            {
                // What cannot be remembered is not acted by; the disk may have room again.
                if (_databaseProblem.Length == 0)
                {
                    _context.Log($"the node cannot write down what it has seen, so it decides nothing until it can: {failure.Message}");
                }

                Volatile.Write(ref _databaseProblem, failure.Message);
                cancellation.WaitHandle.WaitOne(IdleStep);
            }
            catch (CoordinationException failure)
            {
                if (_databaseProblem.Length == 0)
                {
                    _context.Log($"the database does not answer; what runs goes on, and nothing is durable until it does: {failure.Message}");
                }

                ClusterTelemetry.DatabaseFailures.Add(1);
                Volatile.Write(ref _databaseProblem, failure.Message);
                cancellation.WaitHandle.WaitOne(IdleStep);
            }
        }

        Leave();
    }

    public void Dispose()
    {
        foreach (var run in _runs.Values)
        {
            run.Dispose();
        }

        _runs.Clear();
        _membership.Dispose();
        _nudge.Dispose();
        _turn.Dispose();
    }

    private void WaitForMore(CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _nudge.Token);
        if (!either.Token.WaitHandle.WaitOne(_attempts.Length > 0 ? LeastStep : LeastIdleStep))
        {
            _context.Coordination.WaitForChange(IdleStep, either.Token);
        }
    }

    private void Look()
    {
        using var together = _context.Coordination.Together();
        if (_membership.Rejoined())
        {
            // Whatever it took part in goes on without it: who was declared dead has no say any more.
            Drop([.. _runs.Keys], "the node was declared dead meanwhile, and has joined anew");
        }

        var open = _context.Coordination.Runs(unfinishedOnly: true);
        Drop([.. _runs.Keys.Where(known => open.All(run => run.Id != known))], "the run is over");
        IReadOnlyList<Member>? members = null;
        foreach (var run in open)
        {
            if (_epochs.Check(run, _context.Coordination.Commits) is { } problem)
            {
                Drop([run.Id], problem);
                Refuse(run, problem);
                continue;
            }

            if (run.Build == _context.Build)
            {
                members ??= _context.Coordination.Members();
                Tend(run, members, BusyElsewhere(open, run));
            }
        }

        Volatile.Write(ref _attempts, [.. _runs.Values.SelectMany(run => run.Attempts)]);
        _membership.Status = JsonSerializer.Serialize(_attempts.Select(attempt => $"{attempt.Job.Variant}, attempt {attempt.Job.Attempt}"));
    }

    /// <summary>Others may not have seen what this node has: whoever holds the run, or comes to hold it, is told, and ends it.</summary>
    private void Refuse(RunRow run, string problem)
    {
        if (_refused.Add(run.Id))
        {
            _context.Log(problem);
        }

        var said = new RunQuestionText(RunQuestionText.Older, Why: problem).Encode();
        if (_context.Coordination.Requests(run.Id).All(question => question.Request != said))
        {
            _context.Coordination.Request(run.Id, said);
        }

        if (run.Holder is null || run.HolderLapsed)
        {
            RunHolder.End(_context, run.Id, _membership.Member, problem);
        }
    }

    private void Tend(RunRow run, IReadOnlyList<Member> members, IReadOnlyDictionary<long, int> busy)
    {
        if (!_runs.TryGetValue(run.Id, out var tending))
        {
            tending = new RunTending(_context, run, _turn);
            _runs.Add(run.Id, tending);
        }

        try
        {
            tending.Look(run, _membership.Member, members, busy, _membership.MayJudgeLeases);
        }
        catch (JsonException failure)
        {
            _context.Log($"run {run.Id}: its plan or specification is not what this version writes ({failure.Message}); it is left alone");
        }
    }

    /// <summary>How many attempts of other runs each member has.</summary>
    private static Dictionary<long, int> BusyElsewhere(IReadOnlyList<RunRow> open, RunRow own) =>
        open.Where(run => run.Id != own.Id && run.Build == own.Build).SelectMany(JobsOf).Where(job => job.State == JobState.Running)
            .SelectMany(job => job.Members).CountBy(member => member).ToDictionary();

    /// <summary>None of a run whose plan cannot be read: who tends it says so.</summary>
    private static IReadOnlyList<Job> JobsOf(RunRow run)
    {
        try
        {
            return RunPlan.Decode(run.Plan).Jobs;
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private void Drop(IReadOnlyList<long> runs, string reason)
    {
        foreach (var run in runs)
        {
            if (_runs.Remove(run, out var tending))
            {
                tending.Abandon(reason);
                tending.Dispose();
            }
        }
    }

    private void Leave()
    {
        Drop([.. _runs.Keys], "the node leaves the cluster");
        try
        {
            _context.Coordination.Leave(_membership.Member);
        }
        catch (CoordinationException)
        {
            // Its lease runs out by itself.
        }
    }
}
