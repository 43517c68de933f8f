namespace Trapline.Devices.Common;

/// <summary>What a device can say happened. Replay, traces, statistics and invariants use these reports and nothing else.</summary>
public enum ReportKind : byte
{
    /// <summary>An interrupt became pending where none was.</summary>
    Raised,

    /// <summary>An interrupt was raised while already pending: both are served by one handling.</summary>
    Coalesced,

    /// <summary>A raise met a mask and waits behind it.</summary>
    Masked,

    /// <summary>A pending interrupt went away without being served.</summary>
    Withdrawn,

    /// <summary>The interrupt reached the guest: its handler starts.</summary>
    Delivered,

    /// <summary>The guest acknowledged a pending interrupt.</summary>
    Acknowledged,

    /// <summary>The guest ended the handling of an interrupt.</summary>
    Ended,

    /// <summary>An access that the device does not accept.</summary>
    Refused,

    /// <summary>An access that the device made itself because of the one it was told of.</summary>
    NestedAccess,
}
