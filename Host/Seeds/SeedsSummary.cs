using Trapline.Host.Commands;
using Trapline.Host.Rendering;
using Trapline.Machines.Results;

namespace Trapline.Host.Seeds;

/// <summary>Takes the reports of seeds, one after the other, and keeps of each what the summary needs.</summary>
/// <param name="command">The command line that repeats a variant (null: all of them) under a seed.</param>
internal sealed class SeedsSummary(Func<ulong, string?, string> command)
{
    private readonly List<SeedRow> _rows = [];
    private readonly Dictionary<string, Variant> _variants = [];
    private readonly List<string> _names = [];

    public int Failed { get; private set; }

    public bool SeedDecided { get; private set; }

    public void Add(RunReport report)
    {
        var failures = new List<SeedFailure>();
        foreach (var variant in report.Variants)
        {
            var found = VariantFailures.Of(variant).Select(failure => new SeedFailure(variant.Name, failure.What, failure.Found, command(report.Seed, variant.Name))).ToList();
            failures.AddRange(found);
            Of(variant.Name).Add(variant, found.Count > 0);
            SeedDecided |= variant.SeedDecided;
        }

        Add(new SeedRow(report.Seed, report.Digest, report.EndReason, failures));
    }

    /// <summary>A run that could not be carried out.</summary>
    public void AddError(ulong seed, string message) => Add(new SeedRow(seed, "", "error", [new("", "error", message, command(seed, null))]));

    public SeedsReport Build(string scenario, SeedRange range, string endReason) => new()
    {
        Scenario = scenario,
        First = range.First,
        Last = range.Last,
        EndReason = endReason,
        SeedDecided = SeedDecided,
        Seeds = _rows,
        Variants = [.. _names.Select(name => _variants[name].Build(name))],
    };

    private void Add(SeedRow row)
    {
        _rows.Add(row);
        Failed += row.Failures.Count > 0 ? 1 : 0;
    }

    private Variant Of(string name)
    {
        if (!_variants.TryGetValue(name, out var variant))
        {
            _variants[name] = variant = new();
            _names.Add(name);
        }

        return variant;
    }

    /// <summary>One variant so far.</summary>
    private sealed class Variant
    {
        private readonly HashSet<string> _digests = [];
        private readonly Dictionary<string, List<decimal>> _times = [];
        private readonly List<string> _names = [];
        private int _runs;
        private int _failed;

        public void Add(VariantReport report, bool failed)
        {
            _runs++;
            _failed += failed ? 1 : 0;
            _digests.Add(report.Digest);
            Add("virtual time", report.VirtualNs);
            foreach (var row in report.Latencies)
            {
                Add($"p50 {row.Path}", row.P50Ns);
                Add($"max {row.Path}", row.MaxNs);
            }

            foreach (var mark in report.Marks.DistinctBy(mark => mark.Name))
            {
                Add($"mark {mark.Name}", mark.Ns);
            }
        }

        public SeedVariant Build(string name) => new(name, _runs, _digests.Count, _failed, [.. _names.Select(measure => Build(measure, _times[measure]))]);

        private static SeedMeasure Build(string name, List<decimal> times)
        {
            var sorted = times.Order().ToArray();
            return new(name, sorted.Length, sorted[0], sorted[(sorted.Length - 1) / 2], sorted[^1]);
        }

        private void Add(string name, decimal ns)
        {
            if (!_times.TryGetValue(name, out var times))
            {
                _times[name] = times = [];
                _names.Add(name);
            }

            times.Add(ns);
        }
    }
}
