using System.Globalization;
using Trapline.Actors.Boundary;
using Trapline.Actors.Kernel;
using Trapline.Actors.Memory;
using Trapline.Actors.Migration;
using Trapline.Actors.Vmm;
using Trapline.Cluster.Runs;
using Trapline.Machines.Boards;
using Trapline.Machines.Results;
using Trapline.Machines.Results.Migrations;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Cluster.Tests.Runs.Migrations;

/// <summary>
/// A VM of two vCPUs that call one another by IPI, sleep until their timers ring and get messages of a device, and whose guest ends
/// the run when nothing is missing: what became of it, and of its migrations.
/// </summary>
internal sealed class MigratedRun
{
    /// <summary>Far behind the end of a guest that nothing was done to.</summary>
    private static readonly VirtualTime Limit = VirtualTime.FromNanoseconds(20_000_000);

    private MigratedRun(Engine engine, VariantPlan variant)
    {
        var result = NodeResult.Of(engine, variant.Program);
        var vm = new VmResult(variant.Program, [result]);
        Exit = engine.End is { Reason: EndReason.Exit } end ? end.At : null;
        Ending = engine.End is { } known ? $"{known.Reason} {known.Detail}" : "nothing was due any more, or too late";
        Results = vm.Migrations;
        Audits = vm.Audits;
        var plans = variant.Variant.Migrations ?? [];
        Violations =
        [
            .. new RunJudge([result.Observed]).Violations().Select(violation => $"{violation.Invariant}: {violation.Text}"),
            .. MigrationViolations.Of(vm.Migrations, vm.Audits, plans).Select(row => $"{row.Invariant}: {row.Text} ({row.Fault})"),
        ];
        Noticed = [.. MigrationViolations.Of(vm.Migrations, vm.Audits, plans).Select(row => row.Actor).Distinct()];
        FaultsNamed = MigrationViolations.Of(vm.Migrations, vm.Audits, plans).All(row => row.Fault is not null || plans.All(plan => plan.TransferFaults.Count == 0));
        Counts = string.Join('\n', vm.Vcpus.Select(vcpu => CountsOf(variant, vcpu)));
        var actors = engine.Groups.SelectMany(group => group.Actors).ToList();
        Owners = [.. actors.OfType<VmmActor>().Where(vmm => vmm.OwnsVm).Select(vmm => vmm.Address.Machine)];
        Holder = actors.OfType<DiskImageActor>().SingleOrDefault()?.Holder ?? 0;
        Left = [.. actors.Where(actor => actor.Address.Machine != Holder && (actor is BoundaryActor or MemoryActor)).SelectMany(LeftAt)];
    }

    /// <summary>When the guest came to its exit; null if it did not.</summary>
    public VirtualTime? Exit { get; }

    public string Ending { get; }

    /// <summary>Per vCPU all counters, and how often which marks were passed.</summary>
    public string Counts { get; }

    public IReadOnlyList<MigrationResult> Results { get; }

    public IReadOnlyList<MigrationAudit> Audits { get; }

    public IReadOnlyList<string> Violations { get; }

    /// <summary>Actors whose registers are not what they were.</summary>
    public IReadOnlyList<string> Noticed { get; }

    /// <summary>Each violation of the invariant <c>migration</c> names what was done on purpose.</summary>
    public bool FaultsNamed { get; }

    /// <summary>Hosts whose VMM says that it has the VM.</summary>
    public IReadOnlyList<int> Owners { get; }

    /// <summary>The host that has the disk image.</summary>
    public int Holder { get; }

    /// <summary>What is left of a VM at the host that has not the image.</summary>
    public IReadOnlyList<string> Left { get; }

    public static MigratedRun Of(Irqchip irqchip, params MigrationPlan[] plans)
    {
        var variant = PlanOf(irqchip, plans);
        var plan = variant.Build();
        using var engine = new Engine(plan, Placement.OneNode(plan.Groups.Count), 0, new EngineOptions { Invariants = true });
        engine.StopBefore(Limit);
        engine.Start();
        engine.Run(VirtualTime.Never);
        return new MigratedRun(engine, variant);
    }

    private static VariantPlan PlanOf(Irqchip irqchip, MigrationPlan[] plans)
    {
        var scenario = ScenarioFiles.Load("migration-demo");
        var first = scenario.Variants[0];
        Dictionary<string, long> constants = new(first.Constants) { ["rounds"] = 60, ["messages"] = 60 };
        var variant = first with
        {
            Vcpus = 2,
            Constants = constants,
            Machine = first.Machine with { Irqchip = irqchip },
            Migrations = plans,
            Until = Limit,
            Smoke = null,
            Expectations = [],
        };
        return VariantPlan.Of(scenario with { Variants = [variant] }, variant);
    }

    private static string CountsOf(VariantPlan variant, VcpuResult vcpu) => string.Create(
        CultureInfo.InvariantCulture,
        $"vcpu{vcpu.Index}: {string.Join(' ', variant.Program.Counters.Zip(vcpu.Statistics.Counters))} {string.Join(' ', variant.Program.Marks.Zip(vcpu.Statistics.MarkCounts))}");

    private static IEnumerable<string> LeftAt(Actor actor)
    {
        var lister = new StateLister();
        actor.SyncState(lister);
        string[] names = actor is BoundaryActor ? ["vm", "created", "file", "irqfds", "routes"] : ["pages", "dirty", "logging", "watches"];
        return lister.Rows
            .Where(row => row.Value != 0 && names.Contains(row.Key[(row.Key.LastIndexOf('.') + 1)..]))
            .Select(row => $"{actor.Address} {row.Key} = {row.Value}");
    }
}
