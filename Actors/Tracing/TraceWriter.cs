using System.Globalization;
using Trapline.Actors.Guests;

namespace Trapline.Actors.Tracing;

/// <summary>
/// Writes what the groups' traces have collected, in the order of time and address: the same text for every number of
/// threads and every window length.
/// </summary>
public sealed class TraceWriter(TextWriter output, GuestProgram program)
{
    private readonly List<InstructionTrace> _traces = [];
    private readonly List<InstructionTrace.Entry> _merged = [];

    public InstructionTrace AddGroup()
    {
        var trace = new InstructionTrace();
        _traces.Add(trace);
        return trace;
    }

    /// <summary>To be called when no group runs: after each window.</summary>
    public void Flush()
    {
        foreach (var trace in _traces)
        {
            _merged.AddRange(trace.Entries);
            trace.Clear();
        }

        // Stable: of one vCPU at one time, what it did first comes first.
        foreach (var entry in _merged.OrderBy(entry => entry.At).ThenBy(entry => entry.Vcpu))
        {
            output.WriteLine(Format(in entry));
        }

        _merged.Clear();
    }

    /// <summary>Time in ns, vCPU, address, then the source line with its place, or what happened.</summary>
    private string Format(in InstructionTrace.Entry entry)
    {
        var time = ((decimal)entry.At.Picoseconds / 1000).ToString("0.000", CultureInfo.InvariantCulture);
        var head = $"{time,14} {entry.Vcpu,-8} {entry.Pc:x8}";
        if (entry.Text is not null)
        {
            return $"{head}  -- {entry.Text}";
        }

        var index = (entry.Pc - GuestProgram.TextBase) / GuestProgram.InstructionBytes;
        if (index >= (ulong)program.Locations.Length || (entry.Pc & (GuestProgram.InstructionBytes - 1)) != 0)
        {
            return $"{head}  (no code)";
        }

        var location = program.Locations[index];
        var file = program.Files.Count > location.File ? Path.GetFileName(program.Files[location.File]) : "?";
        return $"{head}  {location.Text,-40} {file}:{location.Line}";
    }
}
