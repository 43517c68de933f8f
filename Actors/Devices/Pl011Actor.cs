using Trapline.Devices.Common.Serial;

namespace Trapline.Actors.Devices;

/// <summary>Carries a PL011 and its line driver.</summary>
/// <param name="machine">Number of the machine.</param>
/// <param name="start">Where its registers are.</param>
/// <param name="wiring">Where its pin leads.</param>
/// <param name="placement">Where it and the controllers are.</param>
public sealed class Pl011Actor(int machine, ulong start, PinWiring wiring, DevicePlacement placement)
    : SerialActor(machine, (start, LineDriverOffset), wiring, placement, (host, output) => new Pl011(host, output))
{
    /// <summary>The line driver's registers, from the UART's first: the page after its own.</summary>
    public const ulong LineDriverOffset = Pl011.WindowSize;
}
