using Trapline.Actors.Devices;
using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Actors.LoongArch;
using Trapline.Actors.Memory;
using Trapline.Actors.Vcpus;
using Trapline.Devices.Common.Kvm;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Messages;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Actors.Tests.Boundary;

/// <summary>KVM_SET_ONE_REG of CSR.CPUID on a machine whose vCPUs have no ids yet, and of which one runs.</summary>
public sealed class AssignCpuIdTests
{
    private const int Vcpus = 3;
    private const long PathNanoseconds = 100;
    private const long InvalidArgument = -22;

    private static readonly DevicePlacement Kernel = new() { Ioctl = VirtualTime.FromNanoseconds(300) };

    /// <summary>vCPU 0 sends vector 4 to the id 77 after 10 us; the others run into nothing and loop through faults.</summary>
    private static readonly Instruction[] Text =
    [
        new() { Opcode = Opcode.CpuIndex, Rd = 12 },
        new() { Opcode = Opcode.BranchNotEqual, Rs = 12, Rt = 0, Immediate = (long)GuestLayout.LoongArch.TextBase + 20 },
        new() { Opcode = Opcode.Work, UsesImmediate = true, Immediate = 10 * VirtualTime.PerMicrosecond },
        new() { Opcode = Opcode.LoadImmediate, Rd = 13, Immediate = (77 << 16) | 4 },
        new() { Opcode = Opcode.IocsrWrite, Rd = 13, Width = AccessWidth.Word, Immediate = (long)IpiRegisters.Base + IpiRegisters.IpiSend },
        new() { Opcode = Opcode.Idle },
    ];

    [Fact]
    public void The_answer_comes_when_every_copy_has_acknowledged()
    {
        var vmm = new ScriptedVmm(SetId(1_000, 1, 77));
        using var engine = Run(vmm);
        // To the vCPU, to the board, a nanosecond later to the copies, back, to the vCPU, and to the VMM.
        Assert.Equal([(VirtualTime.FromNanoseconds(1_001 + (6 * PathNanoseconds)), 0L)], vmm.Answers);
    }

    [Fact]
    public void An_id_is_used_once_given_and_CSR_CPUID_has_it()
    {
        using var engine = Run(new ScriptedVmm(SetId(1_000, 1, 77)));
        Assert.Equal((0UL, 16UL), (Row(engine, ActorRole.Ipi, 0, "STATUS"), Row(engine, ActorRole.Ipi, 1, "STATUS")));
        Assert.Equal([256UL, 77UL, 256UL], Enumerable.Range(0, Vcpus).Select(cpu => Row(engine, ActorRole.Vcpu, cpu, "CPUID")));
        Assert.Equal(0UL, Ipi(engine, 0).SentToNobody);
    }

    [Fact]
    public void Without_an_id_a_send_reaches_nobody()
    {
        using var engine = Run(new ScriptedVmm(SetId(1_000, 1, 78)));
        Assert.Equal((0UL, 1UL), (Row(engine, ActorRole.Ipi, 1, "STATUS"), Ipi(engine, 0).SentToNobody));
    }

    [Fact]
    public void Wrong_ids_are_refused_and_change_nothing()
    {
        var vmm = new ScriptedVmm(
            SetId(1_000, 1, 77),   // given
            SetId(2_000, 1, 77),   // the same again
            SetId(3_000, 1, 5),    // it has another
            SetId(4_000, 2, 77),   // it is another's
            SetId(5_000, 2, 256),  // too large
            SetId(6_000, 2, ulong.MaxValue));
        using var engine = Run(vmm);
        Assert.Equal([0, 0, InvalidArgument, InvalidArgument, InvalidArgument, InvalidArgument], vmm.Answers.Select(answer => answer.Result));
        Assert.Equal(VirtualTime.FromNanoseconds(3_000 + (4 * PathNanoseconds)), vmm.Answers[2].At);
        Assert.Equal(16UL, Row(engine, ActorRole.Ipi, 1, "STATUS"));
        Assert.Equal([256UL, 77UL, 256UL], Enumerable.Range(0, Vcpus).Select(cpu => Row(engine, ActorRole.Ipi, 0, $"CPUID[{cpu}]")));
    }

    [Fact]
    public void Ids_given_at_one_instant_go_out_together()
    {
        var vmm = new ScriptedVmm(SetId(1_000, 1, 77), SetId(1_000, 2, 78));
        using var engine = Run(vmm);
        Assert.Equal(2, vmm.Answers.Count);
        Assert.All(vmm.Answers, answer => Assert.Equal(0, answer.Result));
        // The first version is what was known when the first vCPU ran.
        Assert.Equal(2UL, Row(engine, ActorRole.Boundary, 0, "publication.version"));
    }

    /// <summary>Inside KVM_RUN the vCPU's mutex is taken.</summary>
    [Fact]
    public void A_vcpu_that_runs_has_no_time_for_an_ioctl_but_KVM_INTERRUPT()
    {
        var vmm = new ScriptedVmm(
            SetId(1_000, 0, 77),
            new(2_000, new ActorAddress(0, ActorRole.Vcpu, 0), KvmIoctl.Interrupt, 3));
        using var engine = Run(vmm);
        Assert.Equal([0], vmm.Answers.Select(answer => answer.Result));
        Assert.Equal(256UL, Row(engine, ActorRole.Vcpu, 0, "CPUID"));
    }

    private static VmmCall SetId(long at, int vcpu, ulong id) =>
        new(at, new ActorAddress(0, ActorRole.Vcpu, vcpu), KvmIoctl.SetOneRegister, OneRegister.OfCsr(Csr.CpuId), id);

    private static Engine Run(ScriptedVmm vmm)
    {
        var groups = new List<GroupPlan>();
        for (var index = 0; index < Vcpus; index++)
        {
            groups.Add(VcpuGroup(index));
        }

        groups.Add(Group(
            "board",
            new LoongArchBoundary(0, new CpuIdMap(Vcpus), new ParavirtFeatures(ParavirtProfiles.Final, hostAccounts: true), 0, hasControllers: true, [.. Enumerable.Range(0, Vcpus).Select(cpu => new ActorAddress(0, ActorRole.Ipi, cpu)), new ActorAddress(0, ActorRole.Eiointc, 0)]),
            new MemoryActor(new ActorAddress(0, ActorRole.Memory, Vcpus), Pages(0), Vcpus),
            new EiointcActor(0, Vcpus, LoongArchProfiles.Kvm, new CpuIdMap(Vcpus), Kernel)));
        groups.Add(Group("vmm", vmm));
        var path = new PathTable.Path(VirtualTime.FromNanoseconds(PathNanoseconds));
        var plan = new SimulationPlan(groups, new PathTable(["all"], (_, _) => path), 1, new SimulationLimits());
        var engine = new Engine(plan, Placement.OneNode(groups.Count), 0, new EngineOptions());
        engine.StopBefore(VirtualTime.FromNanoseconds(100_000));
        engine.Start();
        engine.Run(VirtualTime.Never);
        return engine;
    }

    private static GroupPlan VcpuGroup(int index)
    {
        var memory = Pages(GuestLayout.LoongArch.PerCpuArea(index));
        var home = new MemoryActor(new ActorAddress(0, ActorRole.Memory, index), memory, Vcpus);
        var settings = new VcpuSettings
        {
            Machine = 0,
            Index = index,
            Count = Vcpus,
            Program = Program(),
            Costs = Costs(),
            GreatestLatency = VirtualTime.FromNanoseconds(PathNanoseconds),
            Seed = 1,
            Memory = memory,
            MemoryHome = home,
        };
        return Group($"vcpu{index}", home, Vcpu(settings), new IpiActor(0, index, LoongArchProfiles.Kvm, new CpuIdMap(Vcpus), Kernel));
    }

    private static LoongArchVcpu Vcpu(VcpuSettings settings) => new(
        settings, LoongArchProfiles.Kvm, ParavirtProfiles.Final, new ParavirtFeatures(ParavirtProfiles.Final, hostAccounts: true), new CpuIdMap(Vcpus), Kernel);

    private static GroupPlan Group(string name, params Actor[] actors) =>
        new(name, 0, [.. actors.Select(actor => actor.Address)], () => actors);

    private static GuestMemory Pages(ulong near) => new(GuestLayout.LoongArch, near, 0, new MemoryBudget(1 << 20));

    private static IpiActor Ipi(Engine engine, int index) => engine.Groups.ElementAt(index).Actors.OfType<IpiActor>().Single();

    private static ulong Row(Engine engine, ActorRole role, int index, string name)
    {
        var lister = new StateLister();
        engine.Groups.SelectMany(group => group.Actors).Single(actor => actor.Address == new ActorAddress(0, role, index)).SyncState(lister);
        return lister.Rows.Single(row => row.Key.EndsWith("." + name, StringComparison.Ordinal)).Value;
    }

    private static VcpuCosts Costs()
    {
        var cost = VirtualTime.FromNanoseconds(1_000);
        return new VcpuCosts
        {
            Instruction = VirtualTime.FromNanoseconds(1),
            Hypercall = cost,
            HypercallDecode = cost,
            HypercallTarget = cost,
            InjectionIoctl = cost,
            KernelAccess = cost,
            UserAccess = cost,
            KickIdle = cost,
            KickRunning = cost,
            KickOutside = cost,
            WakeRunning = cost,
            WakeIdle = cost,
            RemoteMemory = cost,
        };
    }

    private static GuestProgram Program() => new()
    {
        Instructions = Text,
        Locations = new SourceLocation[Text.Length],
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
