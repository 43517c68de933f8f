using System.ComponentModel;
using Trapline.Actors.Migration;

namespace Trapline.Machines.Scenarios.Migrations;

/// <summary>The key <c>fail</c> of a migration.</summary>
public sealed record FailSection
{
    [Description("Who fails: the source's migration thread, the destination's process, or the link.")]
    public required MigrationSide Side { get; init; }

    [Description("At the beginning of which step.")]
    public required MigrationStep Step { get; init; }
}
