using Trapline.Messages;

namespace Trapline.Actors.Migration;

/// <summary>A migration of the VM from the host where it is to the other one.</summary>
public sealed record MigrationPlan
{
    /// <summary>When it begins. One that is due while another goes on begins after it.</summary>
    public required VirtualTime At { get; init; }

    /// <summary>Of the link, bytes in a second; positive.</summary>
    public long Bandwidth { get; init; } = 1_250_000_000;

    /// <summary>The guest is stopped once what is left can be sent within it.</summary>
    public VirtualTime DowntimeLimit { get; init; } = VirtualTime.FromNanoseconds(300_000);

    /// <summary>Rounds of pre-copy before it counts as not converging; at least 1.</summary>
    public int MaximumRounds { get; init; } = 30;

    public Convergence NotConverging { get; init; } = Convergence.Force;

    /// <summary>A step that takes longer has failed: what was lost on the way is noticed by it alone.</summary>
    public VirtualTime StepTimeout { get; init; } = VirtualTime.FromNanoseconds(1_000_000_000);

    /// <summary>A person cancels it then; null for nobody.</summary>
    public VirtualTime? CancelAt { get; init; }

    public MigrationFailure? Failure { get; init; }

    public IReadOnlyList<TransferFault> TransferFaults { get; init; } = [];
}
