namespace Trapline.Actors.Memory;

/// <summary>What an access does; the numbers are part of the wire format (low byte of word 1, width in the next).</summary>
public enum MemoryOperation : byte
{
    Read = 0,
    Write = 1,
    Swap = 2,
    Add = 3,
    And = 4,
    Or = 5,
    Xor = 6,
    CompareSwap = 7,
}
