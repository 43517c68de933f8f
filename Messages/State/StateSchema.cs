using System.Globalization;

namespace Trapline.Messages.State;

/// <summary>
/// Records what a table is made of: names and types of its rows, in their order, without a value. Numbers of list elements
/// are written <c>[*]</c>, for how many there are is state.
/// </summary>
public sealed class StateSchema : StateSync
{
    private readonly List<StateSchemaRow> _rows = [];
    private readonly Stack<string> _parts = new();

    /// <summary>All rows that the pass met; those of list elements once for each element.</summary>
    public IReadOnlyList<StateSchemaRow> Rows => _rows;

    public override void Begin(string part) => _parts.Push(Full(part));

    public override void Begin(string part, int index) => Begin($"{part}[*]");

    public override void End() => _parts.Pop();

    public override void Row(string name, ref ulong value) => Add(name, "u64");

    public override void Row(string name, Span<ulong> values) => AddAll(name, "u64", values.Length);

    public override void Row(string name, Span<byte> values) => AddAll(name, StateSchemaRow.Packed, values.Length);

    public override void Row(string name, Span<long> values) => AddAll(name, "i64", values.Length);

    public override void Row(string name, ref uint value) => Add(name, "u32");

    public override void Row(string name, ref int value) => Add(name, "i32");

    public override void Row(string name, ref long value) => Add(name, "i64");

    public override void Row(string name, ref byte value) => Add(name, "u8");

    public override void Row(string name, ref bool value) => Add(name, "bool");

    public override void Row(string name, ref VirtualTime value) => Add(name, "time");

    public override void Row(string name, ref ActorAddress value) => Add(name, "address");

    private void Add(string name, string type) => _rows.Add(new(Full(name), type, null));

    private void AddAll(string name, string type, int length) => _rows.Add(new(Full(name), type, length));

    private string Full(string name) => _parts.TryPeek(out var part) ? string.Create(CultureInfo.InvariantCulture, $"{part}.{name}") : name;
}
