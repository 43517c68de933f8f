using System.Security.Cryptography;
using Trapline.Actors.Kernel;
using Trapline.Cluster.Attempts;
using Trapline.Cluster.Fabric.InMemory;
using Trapline.Cluster.Runs;
using Trapline.Cluster.Runs.Acts;
using Trapline.Cluster.Runs.Checkpoints;
using Trapline.Cluster.Tests.Fabric;
using Trapline.Cluster.Tests.Runs;
using Trapline.Machines.Scenarios;
using Trapline.Messages;
using Trapline.Persistence;
using Xunit;

namespace Trapline.Cluster.Tests.Attempts;

/// <summary>
/// Attempts on 1 to 4 nodes with moves, cuts and what people do at windows that a seed chooses: one digest; and the same one from each kind
/// of cut on another number of nodes. The nodes are threads of this process, which the simulation cannot tell.
/// </summary>
public sealed class AttemptTests
{
    [Theory]
    [InlineData("ipi-pingpong")]
    [InlineData("affinity-churn")]
    [InlineData("msi-storm")]
    [InlineData("migration-demo")]
    public async Task Neither_nodes_nor_moves_nor_cuts_change_what_is_found(string name)
    {
        var plan = PlanOf(name);
        var expected = await RunAsync(plan, 1, null, [], new Silent());
        for (var nodes = 2; nodes <= 4; nodes++)
        {
            var supervisor = Drawn(plan, nodes, (ulong)nodes);
            Assert.Equal(expected, await RunAsync(plan, nodes, null, [], supervisor));
            Assert.Contains(supervisor.Answers, answer => answer.Contains("went to node", StringComparison.Ordinal));
            Assert.NotEmpty(supervisor.Cuts);
            await FromCutsAsync(plan, supervisor, [], nodes, expected);
        }
    }

    [Fact]
    public async Task What_people_do_is_written_down_and_repeated_on_any_number_of_nodes_and_from_cuts()
    {
        var plan = PlanOf("migration-demo");
        var supervisor = Drawn(plan, 3, 9, JournalEntry.MigrateAct, JournalEntry.CancelMigrationAct);
        var expected = await RunAsync(plan, 3, null, [], supervisor);
        Assert.NotEmpty(supervisor.Written);
        Assert.NotEqual(await RunAsync(plan, 1, null, [], new Silent()), expected);
        Assert.Equal(expected, await RunAsync(plan, 1, null, supervisor.Written, new Silent()));
        Assert.Equal(expected, await RunAsync(plan, 2, null, supervisor.Written, Drawn(plan, 2, 11)));
        await FromCutsAsync(plan, supervisor, supervisor.Written, 3, expected);
    }

    [Fact]
    public async Task A_run_that_is_to_stand_still_until_it_is_safe_gets_so_far_that_it_can_be()
    {
        var plan = PlanOf("ipi-pingpong");
        var expected = await RunAsync(plan, 1, null, [], new Silent());
        var supervisor = new UnsafeSupervisor();
        Assert.Equal(expected, await RunAsync(plan, 2, null, [], supervisor));
        Assert.True(supervisor.WasCut);
        var drawn = Drawn(plan, 2, 2);
        await RunAsync(plan, 2, null, [], drawn);
        Assert.Equal(expected, await RunAsync(plan, 3, Restored(plan, drawn.Cuts[^1].At, drawn.Cuts[^1].Parts, []), [], new UnsafeSupervisor()));
    }

    private static async Task FromCutsAsync(VariantPlan plan, DrawnSupervisor supervisor, IReadOnlyList<JournalEntry> acts, int nodes, string expected)
    {
        var cuts = supervisor.Cuts;
        foreach (var index in new[] { 0, cuts.Count / 2, cuts.Count - 1 }.Distinct())
        {
            var other = (nodes % 4) + 1;
            var restored = Restored(plan, cuts[index].At, cuts[index].Parts, acts);
            Assert.Equal(expected, await RunAsync(plan, other, restored, acts, other == 1 ? new Silent() : Drawn(plan, other, (ulong)(100 + index))));
        }
    }

    private static DrawnSupervisor Drawn(VariantPlan plan, int nodes, ulong seed, params string[] acts) => new(seed, plan.Build().Groups.Count, nodes, 40, acts);

    private static VariantPlan PlanOf(string name)
    {
        var scenario = ScenarioFiles.Load(name);
        return VariantPlan.Of(scenario, scenario.Variants[0]);
    }

    private static async Task<string> RunAsync(VariantPlan plan, int nodes, RestoredRun? restored, IReadOnlyList<JournalEntry> acts, IAttemptSupervisor supervisor)
    {
        var digests = new string[nodes];
        await Lockstep.RunAllWellAsync(InMemoryFabric.CreateAll(nodes), fabric =>
        {
            var settings = new AttemptSettings
            {
                Plan = restored?.Plan ?? plan,
                Smoke = true,
                Invariants = true,
                Placement = static (machine, count) => Placement.Blocks(machine.Groups.Count, count),
                Restored = restored,
                Acts = acts,
            };
            using var runner = new AttemptRunner(settings, fabric, supervisor, new AttemptProgress(), CancellationToken.None);
            digests[fabric.Node] = runner.Run().Report(plan.Build().Faults).Digest;
        });
        return Assert.Single(digests.Distinct());
    }

    private static RestoredRun Restored(VariantPlan plan, VirtualTime at, Dictionary<string, byte[]> groups, IReadOnlyList<JournalEntry> acts)
    {
        var settings = new OriginSettings(new ScenarioOverrides(), Smoke: true, Invariants: true);
        var origin = new CheckpointOrigin(plan, settings, RunInputs.Collect(plan), RunFingerprint.Of([plan], smoke: true), acts);
        var parts = groups.ToDictionary(group => CheckpointParts.OfGroup(group.Key), group => group.Value, StringComparer.Ordinal);
        var (header, own) = origin.Head(at, origin.GroupNames.Select(name => (name, Convert.ToHexStringLower(SHA256.HashData(parts[name])))));
        return RestoredRun.Open("cut", new Checkpoint(header, [.. own, .. origin.GroupNames.Select(name => new CheckpointPart(name, CheckpointParts.GroupVersion, parts[name]))]));
    }
}
