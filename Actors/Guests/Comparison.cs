namespace Trapline.Actors.Guests;

/// <summary>The comparison of an <c>assert</c>.</summary>
public enum Comparison : byte
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    LessUnsigned,
    GreaterOrEqualUnsigned,
}
