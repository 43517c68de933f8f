using Trapline.Devices.Common.Serial;

namespace Trapline.Actors.Devices;

/// <summary>Carries a 16550 and its line driver.</summary>
/// <param name="machine">Number of the machine.</param>
/// <param name="start">Where its registers are.</param>
/// <param name="wiring">Where its pin leads.</param>
/// <param name="placement">Where it and the controllers are.</param>
public sealed class UartActor(int machine, ulong start, PinWiring wiring, DevicePlacement placement)
    : SerialActor(machine, (start, LineDriverOffset), wiring, placement, (host, output) => new Uart16550(host, output))
{
    /// <summary>The line driver's registers, from the UART's first.</summary>
    public const ulong LineDriverOffset = 0x40;
}
