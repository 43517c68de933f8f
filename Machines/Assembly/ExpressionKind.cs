namespace Trapline.Machines.Assembly;

internal enum ExpressionKind
{
    Number,
    Symbol,
    Unary,
    Binary,
}
