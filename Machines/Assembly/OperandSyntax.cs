namespace Trapline.Machines.Assembly;

/// <summary>What an operand looks like, whatever the instruction wants.</summary>
internal enum OperandSyntax
{
    Register,
    Expression,

    /// <summary>In brackets: base register, expression, or both.</summary>
    Address,
    Text,
}
