namespace Trapline.Machines.Assembly;

/// <summary>A line of source, without its comment, after macro parameters are filled in.</summary>
internal sealed class SourceLine(SourceFile file, int number, int sequence, string text, int[]? columns, Expansion? expansion)
{
    private readonly int[]? _columns = columns;

    public SourceFile File { get; } = file;

    public int Number { get; } = number;

    /// <summary>Orders the lines as the assembler made them; errors are reported in this order.</summary>
    public int Sequence { get; } = sequence;

    public string Text { get; } = text;

    public Expansion? Expansion { get; } = expansion;

    /// <summary>Column in the file of an index into the text; what a parameter brought in is at the parameter.</summary>
    public int Column(int position)
    {
        if (_columns is null || _columns.Length == 0)
        {
            return position + 1;
        }

        return position < _columns.Length ? _columns[position] : _columns[^1] + 1;
    }
}
