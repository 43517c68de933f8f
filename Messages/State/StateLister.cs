namespace Trapline.Messages.State;

/// <summary>Collects rows as (full name, value), for people and for differences. Names are unique within a table.</summary>
public sealed class StateLister : StateSync
{
    private readonly List<KeyValuePair<string, ulong>> _rows = [];
    private readonly Stack<string> _parts = new();

    public IReadOnlyList<KeyValuePair<string, ulong>> Rows => _rows;

    public override void Begin(string part) => _parts.Push(_parts.TryPeek(out var outer) ? $"{outer}.{part}" : part);

    public override void Begin(string part, int index) => Begin($"{part}[{index}]");

    public override void End() => _parts.Pop();

    public override void Row(string name, ref ulong value) => _rows.Add(new(Full(name), value));

    public override void Row(string name, Span<ulong> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            _rows.Add(new($"{Full(name)}[{i}]", values[i]));
        }
    }

    public override void Row(string name, Span<byte> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            _rows.Add(new($"{Full(name)}[{i}]", values[i]));
        }
    }

    private string Full(string name) => _parts.TryPeek(out var part) ? $"{part}.{name}" : name;
}
