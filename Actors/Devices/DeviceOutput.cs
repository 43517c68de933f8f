namespace Trapline.Actors.Devices;

/// <summary>What a device did to the world in one operation, on its way out: a pin that it drove, or a message that it sent.</summary>
/// <param name="Number">The pin; of a message its data.</param>
/// <param name="Level">Of the pin; true for a message.</param>
/// <param name="Address">Of a message; 0 for a pin.</param>
public readonly record struct DeviceOutput(ulong Number, bool Level, ulong Address = 0);
