namespace Trapline.Actors.Kernel;

/// <summary>What the seed may change of a run's times, beside draws of the guest and ties: so that other seeds try other interleavings.</summary>
/// <param name="Work">A guest's <c>work</c> takes up to so much less or more: parts of a million, at most half.</param>
/// <param name="Arrivals">Likewise each period of a device that raises interrupts by itself.</param>
public sealed record Perturbation(uint Work, uint Arrivals)
{
    public const uint Million = 1_000_000;

    /// <summary>Times stay in their order of magnitude, and no span becomes 0.</summary>
    public const uint Greatest = Million / 2;

    public static readonly Perturbation None = new(0, 0);
}
