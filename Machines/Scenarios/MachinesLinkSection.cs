using System.ComponentModel;
using Trapline.Machines.Scenarios.Migrations;
using Trapline.Messages;

namespace Trapline.Machines.Scenarios;

/// <summary>The key <c>machines.link</c>. It carries rings, which have no length: so it has a latency and no bandwidth.</summary>
public sealed record MachinesLinkSection
{
    [Description("From one machine to another, one way: exactly what a ring of a doorbell takes. At most 1s.")]
    [DefaultValue("10us")]
    public VirtualTime Latency { get; init; } = LinkSection.DefaultLatency;
}
