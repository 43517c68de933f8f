using Trapline.Messages;

namespace Trapline.Machines.Costs.Calibration;

/// <summary>All costs and factors that a fit takes as given, in ns: the profile's values, or a corner of their ranges.</summary>
public sealed record CostAssumptions(IReadOnlyDictionary<string, decimal> Values)
{
    public decimal this[string name] => Values[name];

    public static CostAssumptions Of(CostProfile profile, CalibrationPlan plan)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(plan);
        var values = profile.Costs.ToDictionary(cost => cost.Name, cost => Ns(cost.Value));
        foreach (var factor in profile.Factors)
        {
            values[factor.Name] = plan.Values.TryGetValue(factor.Name, out var value) ? value : factor.Value;
        }

        return new(values);
    }

    /// <summary>Every combination of lows and highs of some names.</summary>
    public IEnumerable<CostAssumptions> Corners(CostProfile profile, IReadOnlyList<string> vary)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(vary);
        for (var corner = 0; corner < 1 << vary.Count; corner++)
        {
            var values = new Dictionary<string, decimal>(Values);
            for (var i = 0; i < vary.Count; i++)
            {
                values[vary[i]] = Bound(profile, vary[i], high: (corner >> i & 1) != 0);
            }

            yield return new(values);
        }
    }

    private static decimal Bound(CostProfile profile, string name, bool high)
    {
        if (profile.Factors.FirstOrDefault(factor => factor.Name == name) is { } factor)
        {
            return high ? factor.High : factor.Low;
        }

        var cost = profile[name];
        return Ns(high ? cost.High : cost.Low);
    }

    private static decimal Ns(VirtualTime time) => (decimal)time.Picoseconds / VirtualTime.PerNanosecond;
}
