namespace Trapline.Machines.Assembly;

/// <remarks>
/// <c>Text</c>: As written; of a string its content.<br/>
/// <c>Number</c>: Of a number, a character or a duration (in ns).<br/>
/// </remarks>
internal readonly record struct Token(TokenKind Kind, int Position, string Text, long Number = 0)
{
    /// <summary>How a message calls it.</summary>
    public string Shown => Kind switch
    {
        TokenKind.End => "the end of the line",
        TokenKind.Text => "a text",
        _ => Printable.Quote(Text),
    };
}
