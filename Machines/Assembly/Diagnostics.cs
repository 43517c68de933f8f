namespace Trapline.Machines.Assembly;

/// <summary>Collects errors up to the limit.</summary>
internal sealed class Diagnostics
{
    /// <summary>A chain of 64 macros explains nothing more in its middle.</summary>
    private const int MaxNotes = 6;

    private readonly List<(int Sequence, AssemblyError Error)> _errors = [];

    /// <summary>True when a limit is passed or enough errors are known: what follows would tell nothing more.</summary>
    public bool Stopped { get; private set; }

    public bool Any => _errors.Count > 0;

    public void Add(SourceLine line, int position, string message) =>
        Add(line.Sequence, new(line.File.Path, line.Number, line.Column(position), message, Notes(line)));

    /// <summary>An error of a file as a whole, in front of those of its lines.</summary>
    public void Add(string path, int line, int column, string message, int sequence = 0) =>
        Add(sequence, new(path, line, column, message, []));

    /// <summary>Ends the assembly with this error: going on would take time or memory without bound.</summary>
    public void Fatal(SourceLine line, int position, string message)
    {
        Add(line, position, message);
        Stopped = true;
    }

    public void Stop() => Stopped = true;

    public IReadOnlyList<AssemblyError> InOrder() =>
        [.. _errors.OrderBy(entry => entry.Sequence).Select(entry => entry.Error)];

    private void Add(int sequence, AssemblyError error)
    {
        if (_errors.Count < AssemblyLimits.Errors)
        {
            _errors.Add((sequence, error));
        }

        Stopped |= _errors.Count >= AssemblyLimits.Errors;
    }

    private static List<AssemblyNote> Notes(SourceLine line)
    {
        var notes = new List<AssemblyNote>();
        for (var expansion = line.Expansion; expansion is not null; expansion = expansion.Origin.Expansion)
        {
            var origin = expansion.Origin;
            if (notes.Count == MaxNotes)
            {
                notes.Add(new(origin.File.Path, origin.Number, origin.Column(expansion.Position), "and further expansions around it"));
                break;
            }

            notes.Add(new(origin.File.Path, origin.Number, origin.Column(expansion.Position), $"in {expansion.What}, from here"));
        }

        return notes;
    }
}
