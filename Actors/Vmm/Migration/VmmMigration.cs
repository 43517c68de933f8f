using Trapline.Actors.Migration;
using Trapline.Devices.Common.Transfer;

namespace Trapline.Actors.Vmm.Migration;

/// <summary>What a VMM has to know to migrate its VM; the same at both hosts.</summary>
/// <param name="Parts">The actors of the machine.</param>
/// <param name="Table">What is read out of the kernel.</param>
/// <param name="Plans">In the order of time.</param>
public sealed record VmmMigration(MachineParts Parts, StateTable Table, IReadOnlyList<MigrationPlan> Plans);
