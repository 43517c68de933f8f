using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Trapline.Actors.Faults;
using Trapline.Messages;

namespace Trapline.Machines.Scenarios.Faults;

/// <summary>An entry of the key <c>faults</c>.</summary>
public sealed record FaultSection
{
    public const int MostNth = 1_000_000_000;

    [Description("What becomes of the message: it never arrives, arrives later, or arrives twice.")]
    public required FaultKind Kind { get; init; }

    [Description("The kind of message.")]
    public required MessageKind Message { get; init; }

    [Description("Who sends it: an actor such as ipi3, a role such as ipi, or * for anybody.")]
    public ActorPattern From { get; init; }

    [Description("To whom: likewise.")]
    public ActorPattern To { get; init; }

    [Description("Which message of this kind, from 1. Each path from one actor to another is counted by itself.")]
    [Range(1, MostNth)]
    public required int Nth { get; init; }

    [Description("How much later than its path takes. Required for delay; for repeat it is how much later the second one comes, 0 if left out.")]
    public VirtualTime? By { get; init; }
}
