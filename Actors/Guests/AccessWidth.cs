namespace Trapline.Actors.Guests;

/// <summary>Width of a memory or bus access; the number is the binary logarithm of the bytes.</summary>
public enum AccessWidth : byte
{
    Byte = 0,
    Half = 1,
    Word = 2,
    Double = 3,
}
