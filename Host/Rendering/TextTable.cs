namespace Trapline.Host.Rendering;

/// <summary>Columns of text, right-aligned as in <c>perf kvm stat</c>, as wide as their content needs.</summary>
/// <param name="headers">A leading <c>-</c> makes a column left-aligned.</param>
internal sealed class TextTable(params IReadOnlyList<string> headers)
{
    private const char LeftAligned = '-';
    private const int LeastNameWidth = 8;

    private readonly List<IReadOnlyList<string>> _rows = [];

    /// <summary>Widths that columns have where there is room, for tables that should look alike.</summary>
    public IReadOnlyList<int> LeastWidths { get; init; } = [];

    public void Add(params IReadOnlyList<string> cells) => _rows.Add(cells);

    /// <summary>An empty line between the header and the rows, as <c>perf kvm stat</c> has it.</summary>
    public bool HeaderGap { get; init; }

    /// <summary>Where the table would be wider than <paramref name="width"/> columns give up what they do not need; then the first is cut.</summary>
    public void Write(TextWriter writer, int width)
    {
        var titles = headers.Select(header => header.TrimStart(LeftAligned)).ToList();
        var needed = titles.Select((title, column) => Math.Max(title.Length, _rows.Select(row => row[column].Length).DefaultIfEmpty().Max())).ToArray();
        var widths = needed.Select((least, column) => Math.Max(least, column < LeastWidths.Count ? LeastWidths[column] : 0)).ToArray();
        var excess = widths.Sum() + widths.Length - 1 - width;
        for (var column = widths.Length - 1; column >= 0 && excess > 0; column--)
        {
            var given = Math.Min(excess, widths[column] - needed[column]);
            widths[column] -= given;
            excess -= given;
        }

        if (excess > 0)
        {
            widths[0] = Math.Max(LeastNameWidth, widths[0] - excess);
        }

        WriteRow(writer, titles, widths);
        if (HeaderGap)
        {
            writer.WriteLine();
        }

        foreach (var row in _rows)
        {
            WriteRow(writer, row, widths);
        }
    }

    private void WriteRow(TextWriter writer, IReadOnlyList<string> cells, int[] widths)
    {
        var padded = cells.Select((cell, column) =>
        {
            var text = column == 0 ? Quantity.Cut(cell, widths[0]) : cell;
            return headers[column].StartsWith(LeftAligned) ? text.PadRight(widths[column]) : text.PadLeft(widths[column]);
        });
        writer.WriteLine(string.Join(' ', padded).TrimEnd());
    }
}
