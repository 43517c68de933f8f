namespace Trapline.Devices.Common.Sources;

/// <summary>An entry of an MSI-X table.</summary>
/// <param name="Address">Where the message is written.</param>
/// <param name="Data">What is written.</param>
/// <param name="IsMasked">Its mask bit.</param>
public readonly record struct MsiEntry(ulong Address, uint Data, bool IsMasked);
