using Trapline.Actors.Arm;
using Trapline.Actors.Boundary;
using Trapline.Actors.Devices;
using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Actors.Memory;
using Trapline.Actors.Statistics;
using Trapline.Actors.Vcpus;
using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common.Kvm;
using Trapline.Machines.Assembly;
using Trapline.Machines.Tests.Assembly;
using Trapline.Messages;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Machines.Tests.Guests.Arm;

/// <summary>ARM vCPUs with a guest that a test wrote, and beside them a scripted GIC and a user space that starts them. Only the first is on.</summary>
internal sealed class ArmBench : IDisposable
{
    public const long Instruction = 1;
    public const long Hypercall = 300;
    public const long KernelAccess = 400;
    public const long KickRunning = 200;
    public const long KickIdle = 500;
    public const long KickOutside = 100;
    public const long WakeRunning = 1000;
    public const long WakeIdle = 3000;

    /// <summary>Of messages between groups; the vCPUs begin when user space's first has come.</summary>
    public const long Latency = 25;

    private const string Main = "main.guest";

    /// <summary>Vectors for IRQ and synchronous exceptions, and what opens the CPU interface.</summary>
    private const string Head = """
        .arch arm
        .align 2048
        vectors:
        .org vectors + 0x200
            b    on_sync
        .org vectors + 0x280
            b    on_irq
        .macro OPEN
            la   t8, vectors
            sysreg.write t8, VBAR_EL1
            li   t8, 0xF0
            sysreg.write t8, ICC_PMR_EL1
            li   t8, 1
            sysreg.write t8, ICC_IGRPEN1_EL1
        .endm

        """;

    private readonly ArmVcpu[] _vcpus;

    public ArmBench(string source, int vcpus = 1, bool allOn = false, GicProfile? profile = null, params (long Nanoseconds, Action<ScriptedGic> Act)[] script)
    {
        Program = Assemble(source, vcpus);
        _vcpus = new ArmVcpu[vcpus];
        Gic = new ScriptedGic([.. Enumerable.Range(0, vcpus).Select(vcpu => (0L, (Action<ScriptedGic>)(gic => gic.Enable(vcpu)))), .. script]);
        var path = new PathTable.Path(VirtualTime.FromNanoseconds(Latency));
        GroupPlan[] groups =
        [
            .. Enumerable.Range(0, vcpus).Select(index => VcpuGroup(index, vcpus, profile ?? GicProfiles.Kvm)),
            Group("board", Gic, new Starter(vcpus, allOn), new MemoryActor(new ActorAddress(0, ActorRole.Memory, vcpus), Pages(0), vcpus)),
        ];
        var plan = new SimulationPlan(groups, new PathTable(["all"], (_, _) => path), 1, new SimulationLimits());
        Engine = new Engine(plan, Placement.OneNode(groups.Length), 0, new EngineOptions());
        Engine.StopBefore(VirtualTime.FromNanoseconds(1_000_000));
    }

    public GuestProgram Program { get; }

    public Engine Engine { get; }

    public ScriptedGic Gic { get; }

    /// <summary>Runs a guest to its end, which must be an <c>exit 0</c>.</summary>
    public static ArmBench Passing(string source, int vcpus = 1, bool allOn = false, GicProfile? profile = null, params (long Nanoseconds, Action<ScriptedGic> Act)[] script)
    {
        var bench = new ArmBench(source, vcpus, allOn, profile, script).ToEnd();
        Assert.True(bench.Engine.End is { Reason: EndReason.Exit, Code: 0 }, bench.Engine.End?.Detail ?? $"the guest did not come to its exit: {bench.Vcpu(0).Phase}");
        return bench;
    }

    public ArmBench ToEnd()
    {
        Engine.Start();
        Engine.Run(VirtualTime.Never);
        return this;
    }

    public ArmVcpu Vcpu(int index) => _vcpus[index];

    /// <summary>How often a vCPU left the guest for a reason.</summary>
    public long Exits(int vcpu, string reason) => Vcpu(vcpu).Statistics.Exits.Rows().Where(row => row.Reason == ExitReasons.Find(reason)).Sum(row => row.Row.Count);

    /// <summary>All of a vCPU's exits: names and counts.</summary>
    public List<(string Reason, long Count)> Exits(int vcpu) => [.. Vcpu(vcpu).Statistics.Exits.Rows().Select(row => (ExitReasons.NameOf(row.Reason), row.Row.Count))];

    /// <summary>Times, ns, and values of one vCPU's marks of a name.</summary>
    public List<(long At, ulong Value)> Marks(int vcpu, string name)
    {
        var index = Program.Marks.ToList().IndexOf(name);
        return [.. Vcpu(vcpu).Statistics.Marks.Where(mark => mark.Name == index).Select(mark => (mark.At.Picoseconds / VirtualTime.PerNanosecond, mark.Value))];
    }

    public (long At, ulong Value) Mark(int vcpu, string name) => Assert.Single(Marks(vcpu, name));

    /// <summary>Of a path, how many and the greatest, ns.</summary>
    public (long Count, long Most) Latencies(int vcpu, string path)
    {
        var histogram = Vcpu(vcpu).Statistics.Latencies[LatencyPaths.Names.ToList().IndexOf(path)];
        return histogram is null ? default : (histogram.Count, histogram.Greatest.Picoseconds / VirtualTime.PerNanosecond);
    }

    public void Dispose() => Engine.Dispose();

    private static GuestProgram Assemble(string source, int vcpus)
    {
        var text = Head + source + (source.Contains("on_irq:", StringComparison.Ordinal) ? "" : "\non_irq: assert.eq zero, 1, \"an interrupt came\"")
            + (source.Contains("on_sync:", StringComparison.Ordinal) ? "" : "\non_sync: sysreg.read a0, ESR_EL1\n assert.eq a0, -1, \"a fault came\"");
        var result = GuestAssembler.Assemble(Main, new AssemblyOptions { VcpuCount = vcpus }, new MemorySources().Add(Main, text));
        Assert.Empty(result.Errors);
        return result.Program!;
    }

    private static GroupPlan Group(string name, params Actor[] actors) => new(name, 0, [.. actors.Select(actor => actor.Address)], () => actors);

    private static GuestMemory Pages(ulong near) => new(GuestLayout.Arm, near, 0, new MemoryBudget(1 << 20));

    private GroupPlan VcpuGroup(int index, int vcpus, GicProfile profile)
    {
        var memory = Pages(GuestLayout.Arm.PerCpuArea(index));
        var home = new MemoryActor(new ActorAddress(0, ActorRole.Memory, index), memory, vcpus);
        var settings = new VcpuSettings
        {
            Machine = 0,
            Index = index,
            Count = vcpus,
            Program = Program,
            Costs = Costs(),
            GreatestLatency = VirtualTime.FromNanoseconds(Latency),
            Seed = 1,
            Memory = memory,
            MemoryHome = home,
        };
        _vcpus[index] = new ArmVcpu(settings, profile, VcpuIds.Ascending(vcpus), new DevicePlacement { Ioctl = VirtualTime.Zero });
        return Group($"vcpu{index}", home, _vcpus[index]);
    }

    private static VcpuCosts Costs() => new()
    {
        Instruction = VirtualTime.FromNanoseconds(Instruction),
        Hypercall = VirtualTime.FromNanoseconds(Hypercall),
        HypercallDecode = VirtualTime.FromNanoseconds(7_000),
        HypercallTarget = VirtualTime.FromNanoseconds(7_000),
        InjectionIoctl = VirtualTime.FromNanoseconds(100),
        KernelAccess = VirtualTime.FromNanoseconds(KernelAccess),
        UserAccess = VirtualTime.FromNanoseconds(2_000),
        KickIdle = VirtualTime.FromNanoseconds(KickIdle),
        KickRunning = VirtualTime.FromNanoseconds(KickRunning),
        KickOutside = VirtualTime.FromNanoseconds(KickOutside),
        WakeRunning = VirtualTime.FromNanoseconds(WakeRunning),
        WakeIdle = VirtualTime.FromNanoseconds(WakeIdle),
        RemoteMemory = VirtualTime.FromNanoseconds(200),
    };

    /// <summary>User space: makes the vCPUs, switches all but the first off, runs them; answers what they ask.</summary>
    private sealed class Starter(int vcpus, bool allOn) : Actor(new ActorAddress(0, ActorRole.Vmm, 0), timerCount: 1)
    {
        public override void Start() => ArmTimer(0, VirtualTime.Zero);

        protected override void Handle(in Message message)
        {
            if (message.Kind != MessageKind.Timer)
            {
                if (message.Kind != MessageKind.IoctlAnswer)
                {
                    Send(message.Source, MessageKind.AccessAnswer, 0, 0, ExitReasons.MmioReadUser);
                }

                return;
            }

            for (var index = 0; index < vcpus; index++)
            {
                var vcpu = new ActorAddress(0, ActorRole.Vcpu, index);
                Send(vcpu, MessageKind.Life, 1);
                Send(vcpu, MessageKind.Ioctl, IoctlMessage.Head(KvmIoctl.InitializeVcpu), 5, index > 0 && !allOn ? ArmVcpu.PowerOffFeature : 0);
                Send(vcpu, MessageKind.Run);
            }
        }

        protected override void SyncRows(StateSync sync)
        {
        }
    }
}
