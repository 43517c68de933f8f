namespace Trapline.Bench.Links;

/// <summary>One line of the table: microseconds for a round, and its ratio to the bare ping-pong of the same bytes.</summary>
internal sealed record LinkRow(string Kind, int Messages, int Bytes, int Rounds, double P50Us, double P90Us, double P99Us, double P50Ratio, double P90Ratio, double P99Ratio)
{
    public static LinkRow Of(string kind, int messages, IEnumerable<double> samples, LinkRow? bare)
    {
        var sorted = samples.Order().ToArray();
        double At(double share) => sorted[(int)(share * (sorted.Length - 1))];
        var (p50, p90, p99) = (At(0.5), At(0.9), At(0.99));
        return new(
            kind, messages, LinksBenchmark.BytesOf(messages), sorted.Length, p50, p90, p99, p50 / (bare?.P50Us ?? p50), p90 / (bare?.P90Us ?? p90), p99 / (bare?.P99Us ?? p99));
    }

    public void Print() => Console.WriteLine(
        $"{Kind,-6} {Messages,9} {Bytes,8} {Rounds,8} {P50Us,9:0.0} {P90Us,9:0.0} {P99Us,9:0.0}   {P50Ratio,5:0.00} {P90Ratio,5:0.00} {P99Ratio,5:0.00}");
}
