namespace Trapline.Machines.Assembly;

/// <summary>A file that was read; <see cref="Lines"/> is empty if it could not be used.</summary>
internal sealed class SourceFile(int index, string path)
{
    public int Index { get; } = index;

    public string Path { get; } = path;

    public IReadOnlyList<SourceLine> Lines { get; set; } = [];
}
