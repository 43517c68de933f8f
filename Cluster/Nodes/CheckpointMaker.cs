using System.Text.Json;
using Trapline.Cluster.Plans;
using Trapline.Cluster.Runs;
using Trapline.Cluster.Runs.Acts;
using Trapline.Cluster.Runs.Checkpoints;
using Trapline.Messages;
using Trapline.Persistence;

namespace Trapline.Cluster.Nodes;

/// <summary>For the holder: makes checkpoints of cuts whose parts are all there. What it makes counts only once the run's plan names it.</summary>
internal sealed class CheckpointMaker(NodeContext context, long run, RunSpecification specification)
{
    private readonly Dictionary<int, VariantPlan> _plans = [];
    private readonly Dictionary<int, IReadOnlyList<SavedCut>> _known = [];

    /// <summary>Checkpoints of current attempts that have become whole and that the plan does not name.</summary>
    public IReadOnlyList<(int Job, SavedCut Cut)> Make(RunPlan plan)
    {
        var made = new List<(int, SavedCut)>();
        foreach (var job in plan.Jobs.Where(job => job.State == JobState.Running))
        {
            try
            {
                made.AddRange(Make(job).Select(cut => (job.Number, cut)));
            }
            catch (CheckpointException failure)
            {
                context.Log($"run {run}, job {job.Number}: a checkpoint cannot be made: {failure.Message}");
            }
        }

        return made;
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

            if ((job.IsOver || (plan.IsDraining && job.State == JobState.Waiting)) && _plans.Remove(job.Number))
            {
                using var store = context.OpenStore();
                ((IStagedCheckpoints)store).Discard(StagedCut.StageOfJob(run, job.Number));
            }
        }
    }

    private IEnumerable<SavedCut> Make(Job job)
    {
        var last = job.Checkpoints.LastOrDefault(cut => cut.Attempt == job.Attempt)?.Number ?? 0;
        var cuts = context.Coordination.Payloads(run, job.Number, PayloadKinds.Cut)
            .Where(payload => payload.Attempt == job.Attempt && payload.Number > last)
            .GroupBy(payload => payload.Number).OrderBy(cut => cut.Key)
            .Where(cut => job.Members.All(member => cut.Any(payload => payload.Member == member)));
        foreach (var cut in cuts)
        {
            var staged = cut.Select(payload => JsonSerializer.Deserialize<StagedCut>(payload.Content, JournalJson.Options)!).ToList();
            yield return Commit(job, cut.Key, staged);
            context.Coordination.RemovePayloads(run, job.Number, PayloadKinds.Cut, job.Attempt, cut.Key);
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
        var overrides = specification.OverridesOf(job.Seed);
        if (!_plans.TryGetValue(job.Number, out var plan))
        {
            plan = RunInputs.Load(specification.Inputs, job.Variant, overrides);
            _plans.Add(job.Number, plan);
        }

        var settings = new OriginSettings(overrides, specification.Smoke, specification.Invariants);
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
