namespace Trapline.Actors.Devices;

/// <summary>Where the doorbell device of a machine is, and whom it can ring.</summary>
/// <param name="Start">Address of its registers.</param>
/// <param name="Target">Where messages become interrupts.</param>
/// <param name="Peers">How many machines there are, this one included: each has its device at its own number.</param>
/// <param name="Vectors">Of each of them.</param>
public sealed record DoorbellPlace(ulong Start, MessageTarget Target, int Peers, int Vectors);
