using System.Text;
using Trapline.Actors.Arm;
using Trapline.Actors.Faults;
using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Actors.LoongArch;
using Trapline.Actors.Memory;
using Trapline.Actors.Migration;
using Trapline.Actors.Statistics;
using Trapline.Actors.Vcpus;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common.Profiles;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Machines.Assembly;
using Trapline.Machines.Boards;
using Trapline.Machines.Costs;
using Trapline.Machines.Results;
using Trapline.Messages;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Machines.Tests.Guests;

/// <summary>A machine with a guest that a test wrote: assembled, run to its end, and open to questions.</summary>
internal sealed class GuestRun : IDisposable
{
    private const string Main = "test.guest";
    private const string ArmHead = ".arch arm\n";
    private static readonly CostProfile Profile = LoadProfile();

    public GuestRun(
        string source, int vcpus = 1, CostProfile? costs = null, ulong seed = 1, EngineOptions? options = null, VirtualTime? until = null,
        IProfile? profile = null, Func<string, string>? rewrite = null, MachineSettings? settings = null, Actor? beside = null,
        Paravirtualization paravirt = Paravirtualization.Final, Perturbation? perturbation = null, bool isMigratable = false,
        IReadOnlyList<MigrationPlan>? migrations = null, MachineGroup? machines = null, IReadOnlyList<FaultPlan>? faults = null)
    {
        Program = Assemble(source, vcpus, rewrite, machines?.Count ?? 1);
        var isArm = Program.Architecture == GuestArchitecture.Arm;
        Func<MachineRequest, SimulationPlan> build = isArm ? ArmVirt.Build : LoongArchVirt.Build;
        Plan = build(new MachineRequest
        {
            Vcpus = vcpus,
            Profile = profile ?? (isArm ? GicProfiles.Kvm : LoongArchProfiles.Kvm),
            Settings = settings ?? new MachineSettings { Paravirt = paravirt },
            Program = Program,
            Costs = isArm ? WithCommands(costs ?? Profile) : costs ?? Profile,
            Seed = seed,
            Perturbation = perturbation ?? Perturbation.None,
            Limits = new SimulationLimits(),
            Migrations = migrations,
            Machines = machines,
            Faults = faults ?? [],
        });
        if (beside is not null)
        {
            // In a group of its own, as far from the board as any vCPU.
            Plan = new SimulationPlan([new GroupPlan("beside", 0, [beside.Address], () => [beside]), .. Plan.Groups], Plan.Paths, seed, Plan.Limits)
            {
                Perturbation = Plan.Perturbation,
                IsMigratable = isMigratable,
            };
        }

        Engine = new Engine(Plan, Placement.OneNode(Plan.Groups.Count), 0, options ?? new EngineOptions());
        Engine.StopBefore(until ?? VirtualTime.FromNanoseconds(10_000_000));
    }

    public GuestProgram Program { get; }

    public SimulationPlan Plan { get; }

    public Engine Engine { get; }

    public EndRequest? End => Engine.End;

    /// <summary>The profile 3c5000 with other values for some costs, in ns.</summary>
    public static CostProfile Costs(params (string Name, long Nanoseconds)[] changes) => Profile with
    {
        Costs = [.. Profile.Costs.Select(cost => changes.Where(change => change.Name == cost.Name)
            .Select(change => cost with { Value = VirtualTime.FromNanoseconds(change.Nanoseconds) }).DefaultIfEmpty(cost).First())],
    };

    /// <summary>The profile 3c5000 with another latency between groups.</summary>
    public static CostProfile PathLatency(long nanoseconds) =>
        Profile with { BetweenGroups = Profile.BetweenGroups with { Latency = VirtualTime.FromNanoseconds(nanoseconds) } };

    /// <summary>Runs a guest to its end, which must be an <c>exit 0</c>.</summary>
    public static GuestRun Passing(string source, int vcpus = 1, CostProfile? costs = null, LoongArchProfile? profile = null, MachineSettings? settings = null)
    {
        var run = new GuestRun(source, vcpus, costs, profile: profile, settings: settings).ToEnd();
        Assert.True(run.End is { Reason: EndReason.Exit, Code: 0 }, run.End?.Detail ?? "the guest did not come to its exit");
        return run;
    }

    /// <param name="source">The guest, without its first line; with it where that is <c>.arch arm</c>.</param>
    /// <param name="vcpus">Of the machine.</param>
    /// <param name="rewrite">Applied to the text of the guest and of each file that it includes.</param>
    /// <param name="machines">How many there are.</param>
    public static GuestProgram Assemble(string source, int vcpus, Func<string, string>? rewrite = null, int machines = 1)
    {
        var library = Repository.PathOf("scenarios", "guests", "lib");
        var text = source.StartsWith(ArmHead, StringComparison.Ordinal) ? source : ".arch loongarch\n" + source;
        var result = GuestAssembler.Assemble(Path.Combine(library, Main), new AssemblyOptions { VcpuCount = vcpus, MachineCount = machines }, new WithMain(text, rewrite ?? (unchanged => unchanged)));
        Assert.Empty(result.Errors);
        return result.Program!;
    }

    /// <summary>A section's ledger on a vCPU: of each kind that occurs, how often and how many ps.</summary>
    public Dictionary<CostKind, (long Count, long Time)> Section(int vcpu, string name)
    {
        var section = Vcpu(vcpu).Statistics.Ledger.Sections.Single(section => section.Name == name);
        return CostKinds.All
            .ToDictionary(kind => kind, kind => (section.Counts[(int)kind], section.Times[(int)kind]))
            .Where(entry => entry.Value != (0, 0))
            .ToDictionary(entry => entry.Key, entry => entry.Value);
    }

    public GuestRun ToEnd()
    {
        Engine.Start();
        Engine.Run(VirtualTime.Never);
        return this;
    }

    public NodeResult Result() => NodeResult.Of(Engine, Program);

    public LoongArchVcpu Vcpu(int index) => Engine.Groups.SelectMany(group => group.Actors).OfType<LoongArchVcpu>().Single(vcpu => vcpu.Address.Index == index);

    public ArmVcpu ArmVcpu(int index) => Engine.Groups.SelectMany(group => group.Actors).OfType<ArmVcpu>().Single(vcpu => vcpu.Address.Index == index);

    public IpiActor Ipi(int index) => Engine.Groups.SelectMany(group => group.Actors).OfType<IpiActor>().Single(ipi => ipi.Address.Index == index);

    public MemoryActor SharedMemory() => OnBoard<MemoryActor>();

    /// <summary>The one actor of a type in the board's group.</summary>
    public T OnBoard<T>()
        where T : Actor => Engine.Groups.Last().Actors.OfType<T>().Single();

    /// <summary>Of either architecture.</summary>
    public VcpuActor Cpu(int index) => Engine.Groups.SelectMany(group => group.Actors).OfType<VcpuActor>().Single(vcpu => vcpu.Address.Index == index);

    public long Counter(int vcpu, string name) => Cpu(vcpu).Statistics.Counters[IndexOf(Program.Counters, name)];

    /// <summary>Times and values of one vCPU's marks of a name.</summary>
    public List<(VirtualTime At, ulong Value)> Marks(int vcpu, string name) =>
        [.. Cpu(vcpu).Statistics.Marks.Where(mark => mark.Name == IndexOf(Program.Marks, name)).Select(mark => (mark.At, mark.Value))];

    /// <summary>The only mark of that name on a vCPU.</summary>
    public VirtualTime MarkAt(int vcpu, string name) => Assert.Single(Marks(vcpu, name)).At;

    /// <summary>Picoseconds from one mark to the other on a vCPU.</summary>
    public long Between(int vcpu, string from, string to) => (MarkAt(vcpu, to) - MarkAt(vcpu, from)).Picoseconds;

    public ExitStatistics.Row Exits(int vcpu, string reason) =>
        Cpu(vcpu).Statistics.Exits.Rows().Where(row => ExitReasons.NameOf(row.Reason) == reason).Select(row => row.Row).SingleOrDefault();

    public Digest128 Digest() => DigestOf(Engine);

    public static Digest128 DigestOf(Engine engine)
    {
        var hasher = new StateHasher();
        foreach (var actor in engine.Groups.SelectMany(group => group.Actors).OrderBy(actor => actor.Address))
        {
            actor.SyncState(hasher);
        }

        return hasher.Digest;
    }

    public void Dispose() => Engine.Dispose();

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        var index = names.ToList().IndexOf(name);
        return index >= 0 ? index : throw new ArgumentException($"the guest has no '{name}'", nameof(name));
    }

    /// <summary>The same profile for an ARM machine, which has an ITS.</summary>
    private static CostProfile WithCommands(CostProfile costs) => costs with
    {
        Costs = [.. costs.Costs, costs.Costs.First(cost => cost.Name == CostNames.KickRunning) with { Name = CostNames.ItsCommand }],
    };

    private static CostProfile LoadProfile()
    {
        var loaded = CostProfileLoader.Load(Repository.PathOf("scenarios", "costs", "3c5000.yaml"));
        return loaded.Profile ?? throw new InvalidOperationException(string.Join('\n', loaded.Errors));
    }

    /// <summary>A main file that is not on disk, beside the library, which is.</summary>
    private sealed class WithMain(string text, Func<string, string> rewrite) : IGuestSourceReader
    {
        private readonly FileGuestSourceReader _files = new();

        public byte[]? Read(string path, int maxBytes, out string problem)
        {
            problem = "";
            var bytes = Path.GetFileName(path) == Main ? Encoding.UTF8.GetBytes(text) : _files.Read(path, maxBytes, out problem);
            return bytes is null ? null : Encoding.UTF8.GetBytes(rewrite(Encoding.UTF8.GetString(bytes)));
        }
    }
}
