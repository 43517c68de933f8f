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
        if (!options.Json)
        {
            Console.WriteLine($"{"row",-10} {"threads",7} {"messages",11} {"seconds",8} {"M/s",8} {"bare M/s",8} {"ratio",6} {"speed-up",8} {"windows",8}  digest");
        }

        var rows = new List<PholdRow>();
        foreach (var model in options.Models)
        {
            var measured = Measure(model, options);
            if (measured.Problem is { } problem)
            {
                Console.Error.WriteLine($"{model.Name}: {problem}");
                return 1;
            }

            rows.AddRange(measured.Rows);
            if (!options.Json)
            {
                Print(measured.Rows);
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

    private static (List<PholdRow> Rows, string? Problem) Measure(PholdModel model, PholdOptions options)
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

        var bareLoop = bare.Select(run => run.Events / run.Seconds).ToArray();
        return (
            [.. options.Threads.Select(threads => PholdRow.Of(model, threads, runs[threads], bareLoop))],
            Problem(bare[0].Events, [.. runs.Values.SelectMany(ofThreads => ofThreads)]));
    }

    /// <summary>All runs of a model must be one run, and that of the bare loop but for ties, which the two break differently.</summary>
    private static string? Problem(long bareEvents, List<PholdRun> runs)
    {
        if (runs.Select(run => (run.Messages, run.Digest)).Distinct().Count() > 1)
        {
            return $"equal runs differ: {string.Join("; ", runs.Select(run => $"{run.Messages} messages, digest {run.Digest}").Distinct())}";
        }

        return Math.Abs(runs[0].Messages - bareEvents) > bareEvents / 1_000
            ? $"{runs[0].Messages} messages, but {bareEvents} events of the bare loop: not the same model"
            : null;
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
