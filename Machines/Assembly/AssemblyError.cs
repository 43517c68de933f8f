using System.Text;

namespace Trapline.Machines.Assembly;

/// <summary>A mistake in a guest's source.</summary>
/// <remarks>
/// <c>File</c>: Path as the author would recognise it.<br/>
/// <c>Line</c>: From 1.<br/>
/// <c>Column</c>: From 1, in characters.<br/>
/// <c>Notes</c>: For a line that a macro or a repetition produced: where that was invoked, innermost first.<br/>
/// </remarks>
public sealed record AssemblyError(string File, int Line, int Column, string Message, IReadOnlyList<AssemblyNote> Notes)
{
    /// <summary>As compilers print it, so that editors find the place; notes follow on lines of their own.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"{File}:{Line}:{Column}: error: {Message}");
        foreach (var note in Notes)
        {
            text.Append('\n').Append(note);
        }

        return text.ToString();
    }
}
