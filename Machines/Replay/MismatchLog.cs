using Trapline.Machines.Recordings;

namespace Trapline.Machines.Replay;

/// <summary>Counts mismatches and keeps the first of them, with the lines before.</summary>
/// <param name="detailed">How many are described.</param>
/// <typeparam name="TEvent">The grammar's event.</typeparam>
internal sealed class MismatchLog<TEvent>(int detailed)
    where TEvent : struct, IRecordedEvent
{
    private const int LinesBefore = 6;
    private const int MostRows = 40;

    private readonly TEvent[] _before = new TEvent[LinesBefore];
    private readonly List<ReplayMismatch> _first = [];
    private long _noted;

    public long Count { get; private set; }

    public IReadOnlyList<ReplayMismatch> First => _first;

    /// <summary>Remembers a line that has been replayed.</summary>
    public void Note(in TEvent recorded) => _before[_noted++ % LinesBefore] = recorded;

    /// <summary>Counts one; true if it is to be described, which takes time.</summary>
    public bool Counts() => Count++ < detailed;

    /// <summary>Describes one that was counted.</summary>
    /// <param name="recorded">Its line.</param>
    /// <param name="what">What was compared.</param>
    /// <param name="register">Name of the register, pin or line.</param>
    /// <param name="expected">What the recording has.</param>
    /// <param name="actual">What the devices did.</param>
    /// <param name="state">Rows of the devices that explain it, the most telling first; those that are zero say nothing.</param>
    public void Describe(in TEvent recorded, string what, string register, string expected, string actual, IEnumerable<KeyValuePair<string, ulong>> state)
    {
        var shown = Math.Min(_noted, LinesBefore);
        var before = new List<string>();
        for (var i = _noted - shown; i < _noted; i++)
        {
            var line = _before[i % LinesBefore];
            before.Add($"{line.Line}: {line}");
        }

        var rows = state.Where(row => row.Value != 0).Take(MostRows).Select(row => $"{row.Key} = 0x{row.Value:x}");
        _first.Add(new ReplayMismatch(recorded.Line, recorded.ToString()!, what, register, expected, actual, before, [.. rows]));
    }
}
