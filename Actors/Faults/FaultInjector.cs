using Trapline.Actors.Kernel;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Faults;

/// <summary>
/// Applies the planned faults to what one group sends. A group counts for itself, since what it sends and in which order
/// depends on no thread, node or window.
/// </summary>
internal sealed class FaultInjector
{
    /// <summary>Fired faults that are kept, and reported; a plan that leaves both sides open may hit every path of a machine.</summary>
    public const int MostKept = 1000;

    private const int MostPaths = 1 << 20;

    private readonly IReadOnlyList<FaultPlan> _plans;
    private readonly SortedDictionary<(int Plan, uint Source, uint Target), long> _counts = [];
    private readonly List<FiredFault> _fired = [];

    private FaultInjector(IReadOnlyList<FaultPlan> plans) => _plans = plans;

    /// <summary>The first that have hit, in the order of time.</summary>
    public IReadOnlyList<FiredFault> Fired => _fired;

    /// <summary>Null where no plan is about a message that the group can send.</summary>
    public static FaultInjector? For(IReadOnlyList<FaultPlan> plans, GroupPlan group) =>
        plans.Any(plan => group.Addresses.Any(plan.From.Fits)) ? new FaultInjector(plans) : null;

    /// <summary>The plan that hits this message, which counts from now on as sent; null for none. Of several the first.</summary>
    public FaultPlan? Hits(ActorAddress source, ActorAddress target, MessageKind kind, VirtualTime now)
    {
        FaultPlan? hit = null;
        for (var i = 0; i < _plans.Count; i++)
        {
            var plan = _plans[i];
            if (plan.Message != kind || !plan.From.Fits(source) || !plan.To.Fits(target))
            {
                continue;
            }

            var path = (i, source.Value, target.Value);
            var nth = _counts[path] = _counts.GetValueOrDefault(path) + 1;
            if (nth == plan.Nth && hit is null)
            {
                hit = plan;
                if (_fired.Count < MostKept)
                {
                    _fired.Add(new FiredFault(now, i, source, target));
                }
            }
        }

        return hit;
    }

    /// <summary>Counts and what has fired: a run that goes on from saved state hits what it would have hit.</summary>
    public void SyncState(StateSync sync)
    {
        sync.Begin("faults");
        List<PathCount> counts = [.. _counts.Select(count => new PathCount { Plan = count.Key.Plan, Source = count.Key.Source, Target = count.Key.Target, Sent = count.Value })];
        sync.List("counts", "count", counts, MostPaths, static (StateSync rows, ref PathCount count) =>
        {
            rows.Row("plan", ref count.Plan);
            rows.Row("source", ref count.Source);
            rows.Row("target", ref count.Target);
            rows.Row("sent", ref count.Sent);
        });
        sync.List("fired", "fault", _fired, MostKept, FiredFault.Sync);
        sync.End();
        if (sync.Loading)
        {
            _counts.Clear();
            if (counts.Exists(count => (uint)count.Plan >= (uint)_plans.Count || count.Sent < 0))
            {
                throw new StateFormatException($"row 'count': one is of a plan that is none of the {_plans.Count}, or is negative");
            }

            if (_fired.Exists(fault => fault.Plan >= _plans.Count))
            {
                throw new StateFormatException($"row 'fault': one is of a plan that is none of the {_plans.Count}");
            }

            counts.ForEach(count => _counts[(count.Plan, count.Source, count.Target)] = count.Sent);
        }
    }

    private struct PathCount
    {
        public int Plan;
        public uint Source;
        public uint Target;
        public long Sent;
    }
}
