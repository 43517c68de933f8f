namespace Trapline.Devices.Common;

/// <summary>One thing that happened in a device.</summary>
/// <param name="Kind">What.</param>
/// <param name="Line">The interrupt or vector it happened to.</param>
/// <param name="Detail">By kind: a mask, a level, an address.</param>
public readonly record struct DeviceReport(ReportKind Kind, int Line, ulong Detail);
