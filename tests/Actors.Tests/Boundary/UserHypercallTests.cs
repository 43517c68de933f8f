using Trapline.Actors.Devices;
using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Actors.LoongArch;
using Trapline.Actors.Memory;
using Trapline.Actors.Statistics;
using Trapline.Actors.Vcpus;
using Trapline.Actors.Vmm;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Messages;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Actors.Tests.Boundary;

/// <summary>What a vCPU asks user space for: hypercalls that it serves, and the notice of a crash.</summary>
public sealed class UserHypercallTests
{
    private const int UserServiceCode = 0x102;
    private const long PathNanoseconds = 100;

    private static readonly DevicePlacement User = new() { ControllersInUserSpace = true, Ioctl = VirtualTime.FromNanoseconds(300) };

    /// <summary>a0 to a5 are 7, 11, …, 15; then the call, and for ever nothing.</summary>
    private static Instruction[] Text(int code) =>
    [
        Load(4, 7), Load(5, 11), Load(6, 12), Load(7, 13), Load(8, 14), Load(9, 15),
        new() { Opcode = Opcode.Hypercall, Immediate = code },
        new() { Opcode = Opcode.Idle },
    ];

    [Fact]
    public void User_space_gets_code_and_arguments_and_its_answer_is_the_result()
    {
        var userSpace = new UserSpaceActor(42);
        using var engine = Run(UserServiceCode, ParavirtFeature.UserHypercall, userSpace);
        Assert.Equal(
            [(MessageKind.UserHypercallArguments, 7, 11, 12, 13), (MessageKind.UserHypercall, (ulong)UserServiceCode, 14, 15, 6_000)],
            userSpace.Received);
        Assert.Equal((42UL, 11UL, 15UL), (Row(engine, "r[4]"), Row(engine, "r[5]"), Row(engine, "r[9]")));
        Assert.Equal(1UL, Row(engine, "hypercall_exits"));
        var exit = Vcpu(engine).Statistics.Exits.Rows().First(row => row.Reason == ExitReasons.UserHypercall).Row;
        Assert.Equal((1L, VirtualTime.FromNanoseconds(5_000).Picoseconds), (exit.Count, exit.Total));
    }

    [Fact]
    public void This_user_space_writes_nothing_so_that_the_preset_result_stays()
    {
        using var engine = Run(
            UserServiceCode, ParavirtFeature.UserHypercall,
            new VmmActor(0, 0, new LoongArchStart(1, controllersInKernel: false, features: null), new LoongArchAddressMap(0, LoongArchProfiles.Kvm, User), User, VirtualTime.Zero),
            new LoongArchBoundary(0, new CpuIdMap(1), new ParavirtFeatures(ParavirtProfiles.Newest, hostAccounts: true), 0, hasControllers: false, [new ActorAddress(0, ActorRole.Vcpu, 0)]));
        Assert.Equal((ulong.MaxValue, 1UL), (Row(engine, "r[4]"), Row(engine, "hypercall_exits")));
        Assert.Equal(VcpuPhase.Blocked, Vcpu(engine).Phase);
    }

    [Fact]
    public void Without_the_feature_user_space_hears_nothing()
    {
        var userSpace = new UserSpaceActor(42);
        using var engine = Run(UserServiceCode, ParavirtFeature.Ipi, userSpace);
        Assert.Empty(userSpace.Received);
        Assert.Equal((ulong.MaxValue, 0UL), (Row(engine, "r[4]"), Row(engine, "hypercall_exits")));
    }

    [Fact]
    public void A_crash_is_told_and_the_guest_stays_where_it_is()
    {
        var userSpace = new UserSpaceActor(42, answers: 2);
        using var engine = Run(0x103, ParavirtFeature.Crash, userSpace);
        // Answered, the guest executes the same instruction again: its program counter has not moved.
        Assert.Equal(3, userSpace.Received.Count);
        Assert.All(userSpace.Received, message => Assert.Equal((MessageKind.SystemEvent, 3ul), (message.Kind, message.Word0)));
        Assert.Equal((7UL, GuestLayout.LoongArch.TextBase + 24), (Row(engine, "r[4]"), Row(engine, "pc")));
        Assert.Equal(VcpuPhase.AwaitingAnswer, Vcpu(engine).Phase);
    }

    [Fact]
    public void State_saved_while_user_space_works_goes_on_alike()
    {
        using var whole = Run(UserServiceCode, ParavirtFeature.UserHypercall, new UserSpaceActor(42));
        using var first = New(UserServiceCode, ParavirtFeature.UserHypercall, new UserSpaceActor(42));
        first.Start();
        first.Run(VirtualTime.FromNanoseconds(8_650));
        Assert.Equal(VcpuPhase.AwaitingAnswer, Vcpu(first).Phase);
        var writer = new StateWriter();
        first.SyncState(writer);
        using var second = New(UserServiceCode, ParavirtFeature.UserHypercall, new UserSpaceActor(42));
        var reader = new StateReader(writer.Written);
        second.SyncState(reader);
        reader.Finish();
        second.Run(VirtualTime.Never);
        Assert.Equal(Row(whole, "r[4]"), Row(second, "r[4]"));
        Assert.Equal(Row(whole, "low"), Row(second, "low"));
    }

    private static Instruction Load(byte register, long value) => new() { Opcode = Opcode.LoadImmediate, Rd = register, Immediate = value };

    private static Engine Run(int code, ParavirtFeature feature, params Actor[] userSpace)
    {
        var engine = New(code, feature, userSpace);
        engine.Start();
        engine.Run(VirtualTime.Never);
        return engine;
    }

    private static Engine New(int code, ParavirtFeature feature, params Actor[] userSpace)
    {
        var memory = Pages(GuestLayout.LoongArch.PerCpuArea(0));
        var home = new MemoryActor(new ActorAddress(0, ActorRole.Memory, 0), memory, 1);
        var settings = new VcpuSettings
        {
            Machine = 0,
            Index = 0,
            Count = 1,
            Program = Program(Text(code)),
            Costs = Costs(),
            GreatestLatency = VirtualTime.FromNanoseconds(PathNanoseconds),
            Seed = 1,
            Memory = memory,
            MemoryHome = home,
        };
        var features = new ParavirtFeatures(ParavirtProfiles.Newest, hostAccounts: true);
        Assert.Equal(0, features.Set((ulong)feature));
        var vcpu = new LoongArchVcpu(settings, LoongArchProfiles.Kvm, ParavirtProfiles.Newest, features, new CpuIdMap(1), User);
        GroupPlan[] groups =
        [
            Group("vcpu0", home, vcpu, new IpiActor(0, 0, LoongArchProfiles.Kvm, new CpuIdMap(1), User)),
            Group("board", [.. userSpace, new MemoryActor(new ActorAddress(0, ActorRole.Memory, 1), Pages(0), 1)]),
        ];
        var path = new PathTable.Path(VirtualTime.FromNanoseconds(PathNanoseconds));
        var plan = new SimulationPlan(groups, new PathTable(["all"], (_, _) => path), 1, new SimulationLimits());
        var engine = new Engine(plan, Placement.OneNode(groups.Length), 0, new EngineOptions());
        engine.StopBefore(VirtualTime.FromNanoseconds(100_000));
        return engine;
    }

    private static GroupPlan Group(string name, params Actor[] actors) => new(name, 0, [.. actors.Select(actor => actor.Address)], () => actors);

    private static GuestMemory Pages(ulong near) => new(GuestLayout.LoongArch, near, 0, new MemoryBudget(1 << 20));

    private static LoongArchVcpu Vcpu(Engine engine) => engine.Groups.SelectMany(group => group.Actors).OfType<LoongArchVcpu>().Single();

    private static ulong Row(Engine engine, string name)
    {
        var lister = new StateLister();
        Vcpu(engine).SyncState(lister);
        return lister.Rows.First(row => row.Key.EndsWith("." + name, StringComparison.Ordinal)).Value;
    }

    private static VcpuCosts Costs()
    {
        var cost = VirtualTime.FromNanoseconds(1_000);
        return new VcpuCosts
        {
            Instruction = VirtualTime.FromNanoseconds(1_000),
            Hypercall = cost,
            HypercallDecode = cost,
            HypercallTarget = cost,
            InjectionIoctl = cost,
            KernelAccess = cost,
            UserAccess = VirtualTime.FromNanoseconds(5_000),
            KickIdle = cost,
            KickRunning = cost,
            KickOutside = cost,
            WakeRunning = cost,
            WakeIdle = cost,
            RemoteMemory = cost,
        };
    }

    private static GuestProgram Program(Instruction[] text) => new()
    {
        Instructions = text,
        Locations = new SourceLocation[text.Length],
        Files = ["test"],
        EntryPoint = GuestLayout.LoongArch.TextBase,
        Counters = [],
        Marks = [],
        Assertions = [],
        SharedImage = [],
        PerCpuImage = [],
        SharedBytes = 0,
        PerCpuBytes = 0,
        Symbols = new Dictionary<string, ulong>(),
        DrawsRandom = false,
    };
}
