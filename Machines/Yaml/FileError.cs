namespace Trapline.Machines.Yaml;

/// <summary>One thing that is wrong in an input file, and what to do about it.</summary>
public sealed record FileError(string File, TextPosition Position, string Text)
{
    /// <summary>The form that editors and terminals link: <c>file:line:column: error: text</c>.</summary>
    public override string ToString()
        => Position.Line == 0
            ? $"{File}: error: {Text}"
            : $"{File}:{Position.Line}:{Position.Column}: error: {Text}";
}
