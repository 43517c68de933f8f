namespace Trapline.Bench.Phold;

/// <summary>One row of the table: medians over the interleaved runs. <c>Ratio</c> is the kernel's rate over the bare loop's.</summary>
internal sealed record PholdRow(
    string Name,
    long Messages,
    double Seconds,
    double MessagesPerSecond,
    double BareLoopPerSecond,
    double Ratio,
    int Threads,
    long Windows,
    string Digest)
{
    public static PholdRow Of(PholdModel model, int threads, IReadOnlyList<PholdRun> runs, IEnumerable<double> bareLoop)
    {
        var seconds = Median(runs.Select(run => run.Seconds));
        var rate = runs[0].Messages / seconds;
        var bare = Median(bareLoop);
        return new PholdRow(model.Name, runs[0].Messages, seconds, rate, bare, rate / bare, threads, runs[0].Windows, runs[0].Digest.ToString());
    }

    private static double Median(IEnumerable<double> samples)
    {
        var sorted = samples.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
