using System.ComponentModel;
using Trapline.Messages;

namespace Trapline.Machines.Scenarios;

/// <summary>The key <c>perturb</c>: what the seed changes, each off by default.</summary>
public sealed record PerturbSection
{
    /// <summary>Longer than any message of a machine takes.</summary>
    public static readonly VirtualTime GreatestDelay = new(VirtualTime.PerMillisecond);

    [Description("A work instruction of the guest takes up to so much less or more, drawn each time it starts: 0.0001% to 50%.")]
    public Percentage? Work { get; init; }

    [Description("Each period of the devices that raise interrupts by themselves is up to so much shorter or longer: 0.0001% to 50%.")]
    public Percentage? Arrivals { get; init; }

    [Description("A message between groups takes up to so much longer; what one source sends to one target keeps its order. At most 1ms. It is added to the jitter of the cost profile.")]
    public VirtualTime? Delays { get; init; }
}
