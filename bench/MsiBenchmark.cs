using System.Diagnostics;
using Trapline.Bench.Micro;

namespace Trapline.Bench;

/// <summary>
/// A message to an ITS, from its doorbell to the release of its LPI, with 16, 4096 and 65,536 mapped events that are gone round in turn and in random
/// order. All take turns, in short pieces, so that what else the machine does falls on all, and not on every piece.
/// </summary>
internal static class MsiBenchmark
{
    private const int Rounds = 24;
    private const int Piece = 2048;

    /// <summary>Of pieces: that many a hundred are faster than what is called undisturbed.</summary>
    private const int Undisturbed = 10;

    private static readonly int[] Counts = [16, 4096, 65_536];

    public static int Run()
    {
        Console.WriteLine($"{"",-28} {"events",7} {"ns undisturbed",15} {"of 16",6} {"median",8} {"of 16",6}");
        foreach (var profile in new[] { "kvm", "qemu-11" })
        {
            foreach (var devices in new[] { 1, 256 })
            {
                foreach (var isRandom in new[] { false, true })
                {
                    Measure(profile, devices, isRandom);
                }
            }
        }

        return 0;
    }

    private static void Measure(string profile, int devices, bool isRandom)
    {
        var targets = Counts.Select(events => new MappedIts(profile, events, Math.Min(devices, events))).ToArray();
        var samples = Counts.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round <= Rounds; round++)
        {
            for (var i = 0; i < Counts.Length; i++)
            {
                // Once round before, so that each meets in the caches what it has left there itself; all of the first round is compiled while it runs.
                Go(targets[i], Counts[i], isRandom, []);
                Go(targets[i], Counts[i], isRandom, round == 0 ? [] : samples[i]);
            }
        }

        var name = $"{profile}, {devices} device{(devices == 1 ? "" : "s")}, {(isRandom ? "random" : "in turn")}";
        for (var i = 0; i < Counts.Length; i++)
        {
            var (low, median) = (At(samples[i], Undisturbed), At(samples[i], 50));
            Console.WriteLine($"{name,-28} {Counts[i],7} {low,15:0.0} {low / At(samples[0], Undisturbed),6:0.00} {median,8:0.0} {median / At(samples[0], 50),6:0.00}");
        }
    }

    /// <summary>Once round all events, in pieces; nanoseconds a message of each.</summary>
    private static void Go(MappedIts target, int events, bool isRandom, List<double> samples)
    {
        // Odd multipliers of the form 4n + 1 go through all residues before any comes again.
        var (multiplier, increment) = isRandom ? (1_664_525u, 1_013_904_223u) : (1u, 1u);
        var (number, mask, failed) = (0u, (uint)events - 1, 0);
        for (var piece = 0; piece < Counts[^1] / Piece; piece++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < Piece; i++)
            {
                number = ((number * multiplier) + increment) & mask;
                failed += target.Signal(number) == 1 ? 0 : 1;
            }

            samples.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / Piece);
        }

        if (failed > 0)
        {
            throw new InvalidOperationException($"{failed} messages to {events} events were not delivered");
        }
    }

    private static double At(List<double> samples, int percent) => samples.Order().ElementAt(samples.Count * percent / 100);
}
