using Trapline.Cluster.Plans;

namespace Trapline.Cluster.Holding;

/// <summary>How long a job will take, as far as those that are done tell: the same variant with another seed, or else the last ones.</summary>
internal sealed class ExpectedTimes
{
    /// <summary>So many of the last jobs that are done.</summary>
    private const int JobsThatTell = 8;

    private readonly Dictionary<string, long> _variants = new(StringComparer.Ordinal);

    /// <param name="plan">What is known.</param>
    /// <param name="unknown">Milliseconds, while nothing is done.</param>
    public ExpectedTimes(RunPlan plan, long unknown)
    {
        var done = plan.Jobs.Where(job => job.State == JobState.Done).ToList();
        foreach (var job in done)
        {
            _variants[job.Variant] = job.TookMs;
        }

        Usual = (long)done.TakeLast(JobsThatTell).Select(job => job.TookMs).DefaultIfEmpty(unknown).Average();
    }

    /// <summary>Milliseconds, of a variant of which nothing is known.</summary>
    public long Usual { get; }

    /// <summary>Milliseconds.</summary>
    public long Of(Job job) => _variants.TryGetValue(job.Variant, out var took) ? took : Usual;
}
