using System.Collections.Concurrent;
using System.Text.Json;
using Trapline.Cluster.Plans;
using Trapline.Cluster.Runs;
using Trapline.Cluster.Runs.Acts;
using Trapline.Cluster.Runs.Checkpoints;
using Trapline.Cluster.Telemetry;
using Trapline.Messages;
using Trapline.Persistence;

namespace Trapline.Cluster.Nodes;

/// <summary>For the holder: makes checkpoints of cuts whose parts are all there. What it makes counts only once the run's plan names it.</summary>
internal sealed class CheckpointMaker(NodeContext context, long run, RunSpecification specification, SpecifiedVariants variants)
{
    private readonly ConcurrentDictionary<int, VariantPlan> _plans = [];
    private readonly Dictionary<(int Job, int Attempt), long> _tried = [];
    private Task<(int Job, SavedCut Cut)?>? _making;
    private readonly Dictionary<int, IReadOnlyList<SavedCut>> _known = [];

    /// <summary>Checkpoints that have become whole since the last call. What makes them goes on beside: a holder has a lease to renew.</summary>
    public IReadOnlyList<(int Job, SavedCut Cut)> Make(RunPlan plan)
    {
        if (_making is { IsCompleted: false })
        {
            return [];
        }

        var made = _making?.Result;
        _making = Whole(plan) is { } cut ? Task.Run(() => TryCommit(cut.Job, cut.Number, cut.Staged)) : null;
        return made is { } done && plan.Jobs[done.Job].Attempt == done.Cut.Attempt && plan.Jobs[done.Job].State == JobState.Running ? [done] : [];
    }

    /// <summary>Forgets what no attempt will begin at any more.</summary>
    public void Tidy(RunPlan plan)
    {
        foreach (var job in plan.Jobs)
        {
            var before = _known.GetValueOrDefault(job.Number, []);
            _known[job.Number] = job.Checkpoints;
            foreach (var old in before.Except(job.Checkpoints))
            {
                Remove(old);
            }

            if ((job.IsOver || (plan.IsDraining && job.State == JobState.Waiting)) && _plans.TryRemove(job.Number, out _))
            {
                using var store = context.OpenStore();
                ((IStagedCheckpoints)store).Discard(StagedCut.StageOfJob(run, job.Number));
            }
        }
    }

    /// <summary>The newest cut of which all parts are there; older ones are not worth the work any more.</summary>
    private (Job Job, long Number, List<StagedCut> Staged)? Whole(RunPlan plan)
    {
        var there = context.Coordination.PayloadKeys(run, PayloadKinds.Cut).ToLookup(key => (key.Job, key.Attempt));
        foreach (var job in plan.Jobs.Where(job => job.State == JobState.Running))
        {
            var last = Math.Max(job.Checkpoints.LastOrDefault(cut => cut.Attempt == job.Attempt)?.Number ?? 0, _tried.GetValueOrDefault((job.Number, job.Attempt)));
            var newest = there[(job.Number, job.Attempt)].Where(key => key.Number > last)
                .GroupBy(key => key.Number).OrderByDescending(cut => cut.Key)
                .FirstOrDefault(cut => job.Members.All(member => cut.Any(key => key.Member == member)));
            if (newest is not null)
            {
                _tried[(job.Number, job.Attempt)] = newest.Key;
                var staged = context.Coordination.Payloads(run, job.Number, PayloadKinds.Cut).Where(payload => payload.Attempt == job.Attempt && payload.Number == newest.Key);
                return (job, newest.Key, [.. staged.Select(payload => JsonSerializer.Deserialize<StagedCut>(payload.Content, JournalJson.Options)!)]);
            }
        }

        return null;
    }

    private (int Job, SavedCut Cut)? TryCommit(Job job, long number, List<StagedCut> staged)
    {
        try
        {
            using var span = ClusterTelemetry.Spans.StartActivity("make a checkpoint");
            var cut = Commit(job, number, staged);
            context.Coordination.RemovePayloads(run, job.Number, PayloadKinds.Cut, job.Attempt, number);
            return (job.Number, cut);
        }
#pragma warning disable CA1031 // Whatever it is must not end the holder.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            // The next cut comes; until then the run is as durable as its last checkpoint.
            context.Log($"run {run}, job {job.Number}: a checkpoint cannot be made: {failure.Message}");
            return null;
        }
    }

    private SavedCut Commit(Job job, long number, List<StagedCut> staged)
    {
        var at = new VirtualTime(staged[0].AtPs);
        if (staged.Any(part => part.AtPs != at.Picoseconds))
        {
            throw new CheckpointException(CheckpointFailure.Input, $"its nodes cut at different times in cut {number}");
        }

        var origin = OriginOf(job);
        using var store = context.OpenStore();
        var stage = StagedCut.Stage(run, job.Number, job.Attempt, (int)number);
        // Each node staged its own groups; a checkpoint has all of them in the order of the plan, wherever they were.
        var parts = staged.SelectMany(part => part.Parts).ToDictionary(part => part.Name, StringComparer.Ordinal);
        var names = origin.GroupNames;
        var missing = names.FirstOrDefault(name => !parts.ContainsKey(name));
        if (missing is not null)
        {
            throw new CheckpointException(CheckpointFailure.Input, $"no node has staged part '{missing}' of cut {number}");
        }

        var (header, own) = origin.Head(at, names.Select(name => (name, parts[name].Sha256)));
        var stages = (IStagedCheckpoints)store;
        stages.Stage(stage, own);
        var id = stages.Commit(stage, header, [.. own.Select(part => part.Name), .. names]);
        return new SavedCut(id, at.Picoseconds, job.Attempt, (int)number);
    }

    private CheckpointOrigin OriginOf(Job job)
    {
        var plan = _plans.GetOrAdd(job.Number, _ => variants.Plan(job.Variant, job.Seed));
        var settings = new OriginSettings(specification.OverridesOf(job.Seed), specification.Smoke, specification.Invariants);
        return new CheckpointOrigin(plan, settings, specification.Inputs, RunFingerprint.Of([plan], specification.Smoke), WrittenActs.Of(context.Coordination, run, specification, job));
    }

    /// <summary>A checkpoint's name comes from its content: another run may have cut the very same one, and then it stays.</summary>
    private void Remove(SavedCut old)
    {
        try
        {
            if (!context.Coordination.Runs(unfinishedOnly: true).Any(other => other.Id != run && other.Plan.Contains(old.Id, StringComparison.Ordinal)))
            {
                using var store = context.OpenStore();
                store.Delete([old.Id]);
            }
        }
        catch (CheckpointException failure)
        {
            context.Log($"run {run}: checkpoint {old.Id}, which is no longer needed, cannot be removed: {failure.Message}");
        }
    }
}
