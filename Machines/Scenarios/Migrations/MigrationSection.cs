using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Trapline.Actors.Migration;
using Trapline.Messages;

namespace Trapline.Machines.Scenarios.Migrations;

/// <summary>An entry of the key <c>migrations</c>.</summary>
public sealed record MigrationSection
{
    public const int MostEntries = 64;

    /// <summary>One less than the rounds that a result can hold: the last one is made while the guest is stopped.</summary>
    public const int MostRounds = MigrationResult.RoundLimit - 1;

    public const int DefaultMaximumRounds = 30;

    [Description("When it begins: later than the entry before, and before length.until. One that is due while another goes on begins after it.")]
    public required VirtualTime At { get; init; }

    [Description("The guest is stopped once the pages that are left can be sent within it.")]
    [DefaultValue("300us")]
    public VirtualTime DowntimeLimit { get; init; }

    [Description("Rounds of pre-copy before it counts as not converging.")]
    [Range(1, MostRounds)]
    [DefaultValue(DefaultMaximumRounds)]
    public int MaxRounds { get; init; }

    [Description("What becomes of one that does not converge: cancel, and the guest stays; or force, and it is stopped for as long as it takes.")]
    [DefaultValue("force")]
    public Convergence NotConverging { get; init; }

    [Description("A step that takes longer has failed.")]
    [DefaultValue("1s")]
    public VirtualTime StepTimeout { get; init; }

    [Description("A person cancels it then: after 'at'. After the switch that has no effect.")]
    public VirtualTime? CancelAt { get; init; }

    [Description("A failure that is planned: who, and at the beginning of which step.")]
    public FailSection? Fail { get; init; }

    [Description("What is done wrong with the state on its way.")]
    public IReadOnlyList<TamperSection> Tamper { get; init; } = [];
}
