using System.Diagnostics;
using System.Globalization;
using Trapline.Cluster.Clients;
using Trapline.Cluster.Coordination;

namespace Trapline.Cluster.Chaos;

/// <summary>
/// Does what a plan says to a local cluster while a run goes on, and follows the run to its end. Where in the run an action hits depends on the
/// machine's speed by a little, and the results must not.
/// </summary>
/// <param name="cluster">Nobody else may touch its nodes meanwhile.</param>
/// <param name="database">How the database is lost; null where it cannot be.</param>
public sealed class ChaosRunner(LocalCluster cluster, IDatabaseLoss? database)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(25);

    private readonly List<Undoing> _undo = [];
    private readonly List<ChaosDone> _done = [];
    private readonly List<Watched> _watched = [];

    /// <summary>Blocks until the run is over; then all nodes run, and all links are whole.</summary>
    /// <param name="run">As submitted.</param>
    /// <param name="actions">In their order.</param>
    /// <param name="length">Virtual picoseconds that each job takes, as an undisturbed run has found.</param>
    /// <param name="parts">Groups that are moved together: those of a modelled host, or the paths between nodes become short.</param>
    /// <param name="patience">For the whole run.</param>
    /// <param name="cancellation">Ends the following; what was done is undone.</param>
    /// <returns>In the order of <paramref name="actions"/>.</returns>
    /// <exception cref="TimeoutException">The run is not over yet; the message has what the nodes said.</exception>
    public IReadOnlyList<ChaosDone> Follow(long run, IReadOnlyList<ChaosAction> actions, IReadOnlyList<long> length, IReadOnlyList<IReadOnlyList<int>> parts, TimeSpan patience, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(actions);
        var begun = Stopwatch.GetTimestamp();
        var next = 0;
        try
        {
            while (Look(run) is not { Row.Phase: not RunPhase.Open })
            {
                if (Stopwatch.GetElapsedTime(begun) > patience)
                {
                    throw new TimeoutException($"run {run} is not over after {patience.TotalSeconds:0.#} s:\n{string.Join('\n', cluster.Log)}");
                }

                cancellation.ThrowIfCancellationRequested();
                if (Look(run) is { Row.Phase: RunPhase.Open } status)
                {
                    Watch(status);
                    while (next < actions.Count && Reached(status, length) >= actions[next].AtPermille)
                    {
                        Do(actions[next++], run, status, parts);
                    }
                }

                cancellation.WaitHandle.WaitOne(LookEvery);
            }
        }
        finally
        {
            _undo.ForEach(undoing => undoing.Dispose());
        }

        return [.. _done, .. actions.Skip(next).Select(action => new ChaosDone(action, "the run was over before", -1, 0, null))];
    }

    /// <summary>Null while the database does not answer.</summary>
    private RunStatus? Look(long run)
    {
        try
        {
            return cluster.Client.Status(run);
        }
        catch (CoordinationException failure) when (failure.Failure == CoordinationFailure.Unavailable)
        {
            return null;
        }
    }

    private static int Reached(RunStatus status, IReadOnlyList<long> length)
    {
        var over = status.Jobs.Count(job => job.State == "done");
        var running = status.Jobs.FirstOrDefault(job => job.State == "running");
        var here = running is null ? 0 : Math.Min(1000, PositionOf(status, running) / (Math.Max(1000, length[running.Number]) / 1000));
        return (int)(((over * 1000) + here) / status.Jobs.Count);
    }

    private static long PositionOf(RunStatus status, JobStatus job) =>
        status.Participants.Where(participant => participant.Job == job.Number).Select(participant => participant.PositionPs).DefaultIfEmpty().Max();

    private void Do(ChaosAction action, long run, RunStatus status, IReadOnlyList<IReadOnlyList<int>> parts)
    {
        var job = status.Jobs.FirstOrDefault(job => job.State == "running");
        var text = Do(action, run, status, job, parts, out var done);
        _done.Add(new ChaosDone(action, text, !done ? -1 : job is null ? 0 : PositionOf(status, job), 0, null));
        if (done && job is not null)
        {
            _watched.Add(new Watched(_done.Count - 1, job.Number, job.Attempt, Stopwatch.GetTimestamp()));
        }
    }

    private string Do(ChaosAction action, long run, RunStatus status, JobStatus? job, IReadOnlyList<IReadOnlyList<int>> parts, out bool done)
    {
        done = true;
        var lease = cluster.Settings.Lease;
        switch (action.Kind)
        {
            case ChaosKind.Kill or ChaosKind.Holder:
                return Kill(action.Kind == ChaosKind.Holder ? HolderOf(status) ?? action.Victim : action.Victim, Between(action, 0.5 * lease, 2 * lease), out done);
            case ChaosKind.Pause:
                return Pause(action.Victim, Between(action, 0.2 * lease, 0.6 * lease), out done);
            case ChaosKind.Freeze:
                return Pause(action.Victim, Between(action, 1.5 * lease, 3 * lease), out done);
            case ChaosKind.Cut or ChaosKind.Deaf:
                return Cut(action, Between(action, 0.5 * cluster.Settings.Stall, 4 * cluster.Settings.Stall));
            case ChaosKind.Move when job is { Members.Count: > 0 }:
                return Move(run, parts[(int)((long)action.Share * parts.Count / 1000)], action.Victim % job.Members.Count, out done);
            case ChaosKind.Database when database is not null:
                return TakeDatabase(Between(action, 0.5 * lease, 3 * lease), out done);
            default:
                done = false;
                return "it could not be done here";
        }
    }

    private string Kill(int node, TimeSpan time, out bool done)
    {
        done = cluster.Runs(node);
        if (!done)
        {
            return $"{cluster.Names[node]} was dead already";
        }

        cluster.Kill(node);
        Later(time, () =>
        {
            if (!cluster.Runs(node))
            {
                cluster.Start(node);
            }
        });
        return $"{cluster.Names[node]} killed, started again after {Milliseconds(time)}";
    }

    private string Pause(int node, TimeSpan time, out bool done)
    {
        done = cluster.Runs(node);
        if (!done)
        {
            return $"{cluster.Names[node]} was dead already";
        }

        cluster.Pause(node);
        Later(time, () => cluster.Continue(node));
        return $"{cluster.Names[node]} stood still for {Milliseconds(time)}";
    }

    private string Cut(ChaosAction action, TimeSpan time)
    {
        var (one, other) = (action.Victim, action.Other);
        cluster.Cut(one, other);
        if (action.Kind == ChaosKind.Deaf)
        {
            Later(time, () => cluster.Mend(one, other));
            return $"{cluster.Names[other]} did not hear {cluster.Names[one]} for {Milliseconds(time)}";
        }

        cluster.Cut(other, one);
        Later(time, () =>
        {
            cluster.Mend(one, other);
            cluster.Mend(other, one);
        });
        return $"{cluster.Names[one]} and {cluster.Names[other]} did not hear each other for {Milliseconds(time)}";
    }

    private string Move(long run, IReadOnlyList<int> groups, int node, out bool done)
    {
        try
        {
            cluster.Client.AskMove(run, groups, node);
            done = true;
            return $"groups {groups[0]} to {groups[^1]} asked to node {node} of the attempt";
        }
        catch (CoordinationException failure)
        {
            done = false;
            return failure.Message;
        }
    }

    private string TakeDatabase(TimeSpan time, out bool done)
    {
        try
        {
            database!.Take();
        }
        catch (System.Data.Common.DbException failure)
        {
            done = false;
            return failure.Message;
        }

        done = true;
        Later(time, database.GiveBack);
        return $"the database was away for {Milliseconds(time)}";
    }

    private int? HolderOf(RunStatus status)
    {
        var name = cluster.Client.Members().FirstOrDefault(member => member.Id == status.Row.Holder)?.Node.Name;
        return name is null ? null : cluster.Names.ToList().IndexOf(name) is var node && node >= 0 ? node : null;
    }

    private void Later(TimeSpan time, Action undo) => _undo.Add(new Undoing(time, undo));

    /// <summary>Whether a later attempt goes on by now, of the actions that are still open.</summary>
    private void Watch(RunStatus status)
    {
        foreach (var watched in _watched.ToList())
        {
            var job = status.Jobs[watched.Job];
            if (job.Attempt == watched.Attempt && job.State == "running")
            {
                continue;
            }

            var goesOn = status.Participants.Any(participant => participant.Job == job.Number && participant.Phase == "running" && participant.Windows > 0);
            if (job.State is "done" or "failed" || goesOn)
            {
                _watched.Remove(watched);
                if (job.Attempt != watched.Attempt)
                {
                    var before = _done[watched.Index];
                    _done[watched.Index] = before with { Recovery = Stopwatch.GetElapsedTime(watched.Since), LostPs = Math.Max(0, before.AtPs - job.BeganAtPs) };
                }
            }
        }
    }

    private static TimeSpan Between(ChaosAction action, TimeSpan least, TimeSpan most) => least + ((most - least) * (action.Share / 1000.0));

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms");

    private sealed record Watched(int Index, int Job, int Attempt, long Since);
}
