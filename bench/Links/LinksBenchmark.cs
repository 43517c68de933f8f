using System.Diagnostics;
using System.Text.Json;

namespace Trapline.Bench.Links;

/// <summary>
/// A window exchanged by two processes on loopback, with and without TLS, beside a bare TCP ping-pong of the same bytes: blocking sockets
/// without delay, nothing else. All kinds take turns, so that what else the machine does falls on all of them.
/// </summary>
internal static class LinksBenchmark
{
    public const string Bare = "bare";
    public const string Http = "http";
    public const string Https = "https";

    /// <summary>Rounds before measuring: until both ends are compiled in the end.</summary>
    public const int WarmUp = 2_000;

    private const int Turns = 5;
    private static readonly (int Messages, int Rounds)[] Sizes = [(0, 2_000), (16, 2_000), (256, 1_000), (4_096, 300)];
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    /// <summary>Each way, in each round: a frame's header and its messages.</summary>
    public static int BytesOf(int messages) => 64 + (64 * messages);

    public static int Run(bool asJson)
    {
        var rows = new List<LinkRow>();
        if (!asJson)
        {
            Console.WriteLine("kind    messages    bytes   rounds    p50 us    p90 us    p99 us   ratio to bare: p50, p90, p99");
        }

        foreach (var (messages, rounds) in Sizes)
        {
            var samples = new[] { Bare, Http, Https }.ToDictionary(kind => kind, _ => new List<double>());
            for (var turn = 0; turn < Turns; turn++)
            {
                foreach (var (kind, all) in samples)
                {
                    all.AddRange(kind == Bare ? BarePingPong.Measure(messages, rounds) : LinkedNodes.Measure(kind, messages, rounds));
                }
            }

            var bare = LinkRow.Of(Bare, messages, samples[Bare], null);
            foreach (var (kind, all) in samples)
            {
                rows.Add(LinkRow.Of(kind, messages, all, bare));
                if (!asJson)
                {
                    rows[^1].Print();
                }
            }
        }

        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(rows, Json));
        }

        return 0;
    }

    /// <summary>The process at the other end.</summary>
    public static Process StartPeer(string kind, Uri url, int messages, int rounds) =>
        Process.Start(Environment.ProcessPath!, ["links-peer", kind, url.ToString(), $"{messages}", $"{rounds}"]);

    /// <summary>Microseconds of each round after the warm-up.</summary>
    public static double[] Time(int rounds, Action<int> round)
    {
        var samples = new double[rounds];
        for (var i = -WarmUp; i < rounds; i++)
        {
            var start = Stopwatch.GetTimestamp();
            round(i + WarmUp);
            if (i >= 0)
            {
                samples[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            }
        }

        return samples;
    }
}
