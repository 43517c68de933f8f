using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Trapline.Actors.Kernel;

namespace Trapline.Machines.Scenarios;

/// <summary>The key <c>limits</c>.</summary>
public sealed record LimitsSection
{
    [Description("Most actors of one variant.")]
    [Range(1, int.MaxValue)]
    [DefaultValue(SimulationLimits.DefaultActors)]
    public int Actors { get; init; } = SimulationLimits.DefaultActors;

    [Description("Most messages that wait in all queues of a node.")]
    [Range(1, int.MaxValue)]
    [DefaultValue(SimulationLimits.DefaultMessages)]
    public int Messages { get; init; } = SimulationLimits.DefaultMessages;

    [Description("Most guest memory that may be touched, on a node: bytes, alone or with KiB, MiB, GiB or TiB.")]
    [DefaultValue(SimulationLimits.DefaultMemoryBytes)]
    public ByteSize Memory { get; init; } = new(SimulationLimits.DefaultMemoryBytes);

    [Description("Most messages without delay at one instant in one group; more of them are taken for a cycle.")]
    [Range(1, int.MaxValue)]
    [DefaultValue(SimulationLimits.DefaultMessagesAtOneInstant)]
    public int Instant { get; init; } = SimulationLimits.DefaultMessagesAtOneInstant;
}
