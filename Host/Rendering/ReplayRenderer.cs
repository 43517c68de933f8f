using Trapline.Machines.Replay;

namespace Trapline.Host.Rendering;

/// <summary>The results of replays as text: a table of the files, then each mismatch that is described.</summary>
internal sealed class ReplayRenderer(TextWriter writer, Terminal terminal)
{
    private const int LabelWidth = 10;

    public void Write(ReplayReport report, TimeSpan elapsed)
    {
        var read = report.Files.Where(file => file.Error is null).ToList();
        if (read.Count > 0)
        {
            WriteTable(read);
        }

        foreach (var file in report.Files.Where(file => file.Mismatches > 0))
        {
            WriteMismatches(file);
        }

        if (read.Count > 0)
        {
            WriteSum(read, elapsed);
        }
    }

    private void WriteTable(List<ReplayFile> read)
    {
        var table = new TextTable("-File", "-Profile", "CPUs", "Events", "Inputs", "Compared", "Skipped", "Mismatches");
        foreach (var file in read)
        {
            table.Add(Path.GetFileName(file.File), file.Profile, $"{file.Cpus}", $"{file.Events}", $"{file.Inputs}", $"{file.Compared}", $"{file.Skipped}", $"{file.Mismatches}");
        }

        table.Write(writer, Terminal.LayoutWidth);
        foreach (var file in read)
        {
            foreach (var skipped in file.SkippedEvents)
            {
                writer.WriteLine($"{Path.GetFileName(file.File)}: skipped {skipped.Events} x {skipped.What}: {skipped.Why}");
            }
        }
    }

    private void WriteSum(List<ReplayFile> read, TimeSpan elapsed)
    {
        writer.WriteLine();
        var events = read.Sum(file => file.Events);
        var mismatches = read.Sum(file => file.Mismatches);
        writer.WriteLine($"{terminal.Verdict(mismatches == 0)} {events} events, {read.Sum(file => file.Compared)} compared, {Counted(mismatches)}; {Quantity.Rate(events / elapsed.TotalSeconds)} events/s");
    }

    private void WriteMismatches(ReplayFile file)
    {
        writer.WriteLine();
        writer.WriteLine(terminal.Strong($"{file.File}: {Counted(file.Mismatches)}, profile {file.Profile}{(file.RecordedProfile == file.Profile || file.RecordedProfile.Length == 0 ? "" : $", recorded under {file.RecordedProfile}")}"));
        if (file.Explanation is { } explanation)
        {
            WriteExplanation(explanation, file.Mismatches);
        }

        foreach (var mismatch in file.FirstMismatches)
        {
            WriteMismatch(file.File, mismatch);
        }

        if (file.Mismatches > file.FirstMismatches.Count)
        {
            writer.WriteLine($"{Counted(file.Mismatches - file.FirstMismatches.Count)} more; --mismatches N describes N of them");
        }
    }

    private void WriteExplanation(ProfileExplanation explanation, long mismatches)
    {
        if (explanation.Recorded > 0)
        {
            writer.WriteLine($"  Under the recorded profile too: {explanation.Recorded}, which no difference of profiles explains.");
        }

        foreach (var row in explanation.Rows)
        {
            writer.WriteLine($"  {row.Row,-4} {row.Topic}: {row.Replayed} instead of {row.Recorded}; alone {row.Mismatches}");
        }

        if (explanation.Rows.Count > 0)
        {
            writer.WriteLine(explanation.Complete
                ? $"  These differences together cause all {mismatches}."
                : $"  These differences together cause {explanation.Together} of {mismatches}.");
        }
    }

    private void WriteMismatch(string file, ReplayMismatch mismatch)
    {
        writer.WriteLine();
        writer.WriteLine($"{file}:{mismatch.Line}: {mismatch.Recorded}");
        Line(mismatch.What, mismatch.Register);
        Line("expected", mismatch.Expected);
        Line("actual", mismatch.Actual);
        Line("before", string.Join("; ", mismatch.Before));
        Line("state", mismatch.State.Count == 0 ? "all 0" : string.Join(", ", mismatch.State));
    }

    private static string Counted(long mismatches) => mismatches == 1 ? "1 mismatch" : $"{mismatches} mismatches";

    private void Line(string label, string value) => writer.WriteLine($"  {label.PadRight(LabelWidth)} {value}");
}
