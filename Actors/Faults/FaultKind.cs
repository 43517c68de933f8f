namespace Trapline.Actors.Faults;

/// <summary>What a planned fault does to a message.</summary>
public enum FaultKind : byte
{
    /// <summary>It never arrives. A call is answered at once all the same: see <see cref="LostCalls"/>.</summary>
    Drop,

    /// <summary>It arrives later, and may be overtaken on its path.</summary>
    Delay,

    /// <summary>It arrives twice. What the second one is answered reaches nobody.</summary>
    Repeat,
}
