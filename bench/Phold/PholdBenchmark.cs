using System.Text.Json;

namespace Trapline.Bench.Phold;

/// <summary>The kernel's rate under PHOLD beside that of the bare loop, in the same process, the runs of both interleaved.</summary>
internal static class PholdBenchmark
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    /// <summary>Returns 1 where runs that must be equal are not.</summary>
    public static int Run(PholdOptions options)
    {
        WarmUp(options);
        var rows = new List<PholdRow>();
        foreach (var model in options.Models)
        {
            var ofModel = Measure(model, options);
            rows.AddRange(ofModel);
            if (!options.Json)
            {
                Print(ofModel);
            }
        }

        if (options.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(rows, Json));
        }

        return 0;
    }

    // Both sides are measured as compiled in the end, not as interpreted first.
    private static void WarmUp(PholdOptions options)
    {
        var small = PholdModel.Rows[0] with { End = 1_000 };
        for (var i = 0; i < 3; i++)
        {
            PholdBaseline.Run(small.Processes, small.EventsEach, small.Remote, small.Lookahead, small.End);
            foreach (var threads in options.Threads)
            {
                PholdRun.Of(small, threads);
            }
        }
    }

    private static List<PholdRow> Measure(PholdModel model, PholdOptions options)
    {
        var bare = new List<(long Events, double Seconds)>();
        var runs = options.Threads.ToDictionary(threads => threads, _ => new List<PholdRun>());
        for (var i = 0; i < options.Repeats; i++)
        {
            bare.Add(PholdBaseline.Run(model.Processes, model.EventsEach, model.Remote, model.Lookahead, model.End));
            foreach (var threads in options.Threads)
            {
                runs[threads].Add(PholdRun.Of(model, threads));
            }
        }

        Check(model, bare[0].Events, [.. runs.Values.SelectMany(ofThreads => ofThreads)]);
        return [.. options.Threads.Select(threads => PholdRow.Of(model, threads, runs[threads], bare.Select(run => run.Events / run.Seconds)))];
    }

    /// <summary>All runs of a model are one run, and it is that of the bare loop but for ties, which the two break differently.</summary>
    private static void Check(PholdModel model, long bareEvents, IReadOnlyList<PholdRun> runs)
    {
        if (runs.Any(run => run.Digest != runs[0].Digest || run.Messages != runs[0].Messages))
        {
            throw new InvalidDataException($"{model.Name}: runs differ: {string.Join(", ", runs.Select(run => $"{run.Messages} messages, digest {run.Digest}").Distinct())}");
        }

        if (Math.Abs(runs[0].Messages - bareEvents) > bareEvents / 1_000)
        {
            throw new InvalidDataException($"{model.Name}: {runs[0].Messages} messages, but {bareEvents} events of the bare loop: not the same model");
        }
    }

    private static void Print(List<PholdRow> rows)
    {
        foreach (var row in rows)
        {
            var speedUp = row == rows[0] ? "" : $"{row.MessagesPerSecond / rows[0].MessagesPerSecond:0.00}";
            Console.WriteLine(
                $"{row.Name,-10} {row.Threads,7} {row.Messages,11} {row.Seconds,8:0.000} {row.MessagesPerSecond / 1e6,8:0.00} {row.BareLoopPerSecond / 1e6,8:0.00} {row.Ratio,6:0.00} {speedUp,8} {row.Windows,8}  {row.Digest}");
        }
    }
}
