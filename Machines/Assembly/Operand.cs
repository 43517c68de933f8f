namespace Trapline.Machines.Assembly;

/// <remarks>
/// <c>Position</c>: Index in the line.<br/>
/// <c>Register</c>: Of a register, or the base of an address.<br/>
/// <c>Expression</c>: Null for registers, texts and addresses that are a register alone.<br/>
/// <c>Text</c>: Of a text; of an expression the name if it is nothing but a name, else empty.<br/>
/// </remarks>
internal sealed record Operand(OperandSyntax Syntax, int Position, byte Register = 0, Expression? Expression = null, string Text = "")
{
    /// <summary>How a message calls it.</summary>
    public string Shown => Syntax switch
    {
        OperandSyntax.Register => "a register",
        OperandSyntax.Address => "an address in brackets",
        OperandSyntax.Text => "a text",
        _ => Text.Length > 0 ? Printable.Quote(Text) : "an expression",
    };
}
