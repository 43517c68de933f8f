using Trapline.Actors.Migration;
using Trapline.Machines.Yaml;

namespace Trapline.Machines.Scenarios.Migrations;

/// <summary>The value of a key <c>migrations</c>, in the scenario or in a choice of its matrix.</summary>
/// <param name="Position">Of the list.</param>
/// <param name="Path">The key, for messages.</param>
/// <param name="Plans">In the order of time; the bandwidth is the default one, for the link is the machine's.</param>
/// <param name="Tampered">The groups of state that are named.</param>
internal sealed record MigrationList(TextPosition Position, string Path, IReadOnlyList<MigrationPlan> Plans, IReadOnlyList<TamperPlace> Tampered);
