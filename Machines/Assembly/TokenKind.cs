namespace Trapline.Machines.Assembly;

internal enum TokenKind
{
    End,
    Name,
    Number,
    Text,
    Symbol,
}
