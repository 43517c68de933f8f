namespace Trapline.Devices.Common;

/// <summary>One thing that happened in a device.</summary>
/// <param name="Kind">What.</param>
/// <param name="Line">The interrupt or vector it happened to; of a nested access, the number of the CPU whose registers it hits.</param>
/// <param name="Detail">By kind: a mask, a level, an address (<see cref="AccessDetail"/>).</param>
/// <param name="Value">Of an access: what was read or written.</param>
public readonly record struct DeviceReport(ReportKind Kind, int Line, ulong Detail, ulong Value = 0);
