namespace Trapline.Machines.Assembly;

/// <summary>A node of an expression, kept until all symbols are known.</summary>
/// <remarks>
/// <c>Position</c>: Index in the line, of the operator for operations.<br/>
/// <c>Name</c>: The operator, or the symbol's full name (local labels with their scope).<br/>
/// </remarks>
internal sealed record Expression(
    ExpressionKind Kind,
    int Position,
    long Number = 0,
    string Name = "",
    Expression? Left = null,
    Expression? Right = null);
