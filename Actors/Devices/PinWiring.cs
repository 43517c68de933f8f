using Trapline.Messages;

namespace Trapline.Actors.Devices;

/// <summary>Where an interrupt pin of a device leads on its board.</summary>
/// <param name="Controller">Interrupt controller.</param>
/// <param name="Pin">Its input.</param>
public readonly record struct PinWiring(ActorAddress Controller, int Pin);
