using Trapline.Messages;

namespace Trapline.Actors.Devices;

/// <summary>Where an interrupt pin of a device leads on its board.</summary>
/// <param name="Controller">Interrupt controller.</param>
/// <param name="Pin">Its input.</param>
/// <param name="Line">What KVM_IRQ_LINE calls it: on LoongArch the pin, its GSI; on ARM an encoded SPI.</param>
public readonly record struct PinWiring(ActorAddress Controller, int Pin, uint Line)
{
    /// <summary>A pin whose GSI is its number.</summary>
    public PinWiring(ActorAddress controller, int pin)
        : this(controller, pin, (uint)pin)
    {
    }
}
