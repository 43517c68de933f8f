using Trapline.Machines.Text;

namespace Trapline.Machines.Yaml;

/// <param name="Position">Of the first character, the quote included.</param>
/// <param name="Text">The value, unquoted and unfolded.</param>
/// <param name="Plain">Written without quotes and not as a block: only then can it be a number.</param>
/// <param name="TextColumn">Column of the first character of <paramref name="Text"/> if it stands in the file character by character; else 0.</param>
public sealed record ScalarNode(TextPosition Position, string Text, bool Plain, int TextColumn) : YamlNode(Position)
{
    /// <summary>A key without a value, or <c>null</c> written out.</summary>
    public bool IsNull => Plain && Text is "" or "~" or "null" or "Null" or "NULL";

    public override string Kind => IsNull ? "nothing" : Plain ? Quoted.Show(Text) : "the text " + Quoted.Show(Text);
}
