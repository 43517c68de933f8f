using System.ComponentModel;
using Trapline.Messages;

namespace Trapline.Machines.Scenarios.Migrations;

/// <summary>The key <c>machine.link</c>: what joins the two hosts of a VM that migrates.</summary>
public sealed record LinkSection
{
    /// <summary>Assumed: half of a round trip between two hosts at one 10 GbE switch, through both network stacks.</summary>
    public static readonly VirtualTime DefaultLatency = new(10 * VirtualTime.PerMicrosecond);

    /// <summary>10 GbE without its framing.</summary>
    public static readonly LinkRate DefaultBandwidth = new(1_250_000_000);

    /// <summary>More than once around the earth.</summary>
    public static readonly VirtualTime GreatestLatency = new(VirtualTime.PerSecond);

    [Description("From one host to the other, one way: the latency of the paths between them. At most 1s.")]
    [DefaultValue("10us")]
    public VirtualTime Latency { get; init; } = DefaultLatency;

    [Description("What it carries in a second: a number and bit/s, kbit/s, Mbit/s, Gbit/s, Tbit/s, or B/s, kB/s, MB/s, GB/s, TB/s, KiB/s, MiB/s, GiB/s. At most 1TB/s.")]
    [DefaultValue("10Gbit/s")]
    public LinkRate Bandwidth { get; init; } = DefaultBandwidth;
}
