using Trapline.Actors.Kernel;
using Trapline.Actors.Statistics;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Machines.Boards;
using Trapline.Machines.Costs;
using Trapline.Messages;
using Xunit;

namespace Trapline.Machines.Tests.Guests;

/// <summary>
/// One machine on two modelled hosts, CPU 0 and the board on the first, CPU 1 on the second: 2 us between them where inside a host it is 25 ns.
/// Costs contain the way inside a host; so each message between hosts adds 1,975 ns to what happens because of it, and nothing else changes.
/// </summary>
public sealed class InterHostTests
{
    /// <summary>ps that one message between hosts takes longer.</summary>
    private const long Trip = 2_000_000 - 25_000;
    private const long Call = 2 * Trip;

    /// <summary>A vCPU that does something between two marks, and the other ones, which do nothing.</summary>
    private static string Measured(int cpu, string instructions, string before = "") => $"""
        .shared cell, 8
        start:
            cpu.index t0
            li   t1, {cpu}
            beq  t0, t1, .measured
            work 1ms
        .measured:
            {before}
            work 20us
            mark op.begin
            {instructions}
            mark op.end
            exit 0
        """;

    /// <summary>CPU <paramref name="sender"/> interrupts CPU 1, which is asleep, runs, or is outside the guest.</summary>
    private static string Sending(string send, string target, int sender = 0) => $"""
        .include "exception.inc.guest"
        .include "ipi.inc.guest"
        EXCEPTION_HANDLER handle, exception_unexpected, exception_unexpected, handle
        handle:
            mark taken
            iocsr.read.w t0, [IPI_STATUS]
            li   t0, -1
            iocsr.write.w t0, [IPI_CLEAR]
            li   t0, 1 << INTERRUPT_SWI0
            csr.xchg zero, t0, ESTAT
            ret
        start:
            call exception_init
            call ipi_init
            ECFG_SET 1
            cpu.index t0
            li   t1, {sender}
            bne  t0, t1, target
            work 60us
            mark op.begin
            {send}
            mark op.end
            work 60us
            exit 0
        target:
            li   t1, 1
            bne  t0, t1, .bystander
            {target}
        .bystander:
            work 10ms
        """;

    private const string ByIocsr = "li t0, SEND_BLOCKING | (1 << SEND_CPU_SHIFT) | 1\n    iocsr.write.w t0, [IPI_SEND]";
    private const string ByHypercall = "li a0, 1\n    li a1, 2\n    li a2, 0\n    li a3, 0\n    hypercall 0x100";
    private const string Asleep = "INTERRUPTS_ON\n    idle\n    work 1ms";
    private const string Running = "INTERRUPTS_ON\n    work 1ms";
    private const string Outside = "work 55us\n    INTERRUPTS_ON\n    cpucfg t0, zero\n    work 1ms";

    /// <summary>A vCPU that is outside is so for long: for a configuration word of 60 us, which costs as much as a hypercall.</summary>
    private static CostProfile CostsFor(string target) => target == Outside ? GuestRun.Costs((CostNames.Hypercall, 60_000)) : GuestRun.Costs();

    [Theory]
    [InlineData("iocsr.read.w t0, [0x1600]", 1)]
    [InlineData("iocsr.write.w zero, [0x1600]", 1)]
    [InlineData("li t2, 0x1fe001e5\n    mmio.read.bu t0, [t2]", 1)]
    [InlineData("ld.d t0, [cell]", 1)]
    [InlineData("amadd.d t0, t0, [cell]", 1)]
    [InlineData("ld.d t0, [cell]\n    st.d t0, [cell]\n    iocsr.read.w t0, [0x1600]", 3)]
    [InlineData("iocsr.read.w t0, [0x1000]", 0)]
    public void A_call_to_the_other_host_takes_two_trips_longer_once(string instructions, int calls)
    {
        Compare(Measured(1, instructions), vcpu: 1, calls);
        Compare(Measured(0, instructions), vcpu: 0, calls: 0);
    }

    [Fact]
    public void An_access_that_the_kernel_hands_on_to_user_space_pays_for_each_of_its_calls()
    {
        // Up to Linux 6.19 EIOINTC, which is on the board, leaves what it does not know to user space, and that is on the board too.
        const string Unknown = "iocsr.read.w t0, [0x1600 + 0x20]";
        Compare(Measured(1, Unknown), vcpu: 1, calls: 2, profile: LoongArchProfiles.Kvm618);
        Compare(Measured(0, Unknown), vcpu: 0, calls: 0, profile: LoongArchProfiles.Kvm618);
        Compare(Measured(1, "hypercall 99"), vcpu: 1, calls: 0);
    }

    [Theory]
    [InlineData(Asleep)]
    [InlineData(Running)]
    [InlineData(Outside)]
    // A vCPU that is outside takes it at its entry; that is a trip later too, for it was told so much later to run.
    public void Set_and_kick_takes_two_trips_longer_and_the_interrupt_comes_one_trip_later(string target)
    {
        var (near, far) = Compare(Sending(ByIocsr, target), vcpu: 0, calls: 1, costs: CostsFor(target));
        using (near)
        using (far)
        {
            Assert.Equal(Late(near) + Trip, Late(far));
        }
    }

    [Theory]
    [InlineData(Asleep)]
    [InlineData(Running)]
    [InlineData(Outside)]
    public void So_does_a_hypercall_that_names_a_vcpu_of_the_other_host(string target)
    {
        var (near, far) = Compare(Sending(ByHypercall, target), vcpu: 0, calls: 1, costs: CostsFor(target));
        using (near)
        using (far)
        {
            Assert.Equal(Late(near) + Trip, Late(far));
        }
    }

    [Fact]
    public void Each_target_of_a_hypercall_is_paid_for_by_itself()
    {
        // CPUs 2 and 3 are on the other host, CPU 1 is on this one.
        const string Three = "li a0, 1\n    li a1, 14\n    li a2, 0\n    li a3, 0\n    hypercall 0x100";
        Compare(Sending(Three, Asleep), vcpu: 0, calls: 2, vcpus: 4);
    }

    [Fact]
    public void Mail_and_any_send_to_the_other_host_take_a_call_each()
    {
        const string Mail = "li t0, 1 << 31 | 1 << 16\n    iocsr.write.d t0, [0x1048]";
        Compare(Measured(0, Mail), vcpu: 0, calls: 1);

        // The controller that it writes is on the board, whoever is named.
        const string Any = "li t0, 0x1600 | 1 << 16 | 0xf << 27\n    iocsr.write.d t0, [0x1158]";
        Compare(Measured(1, Any), vcpu: 1, calls: 1);
        Compare(Measured(0, Any), vcpu: 0, calls: 0);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 1 + 1)]
    public void With_controllers_in_user_space_the_access_and_the_interrupt_cross_by_themselves(int sender, int calls)
    {
        // CPU 0 and the board on host 0, CPUs 1 and 2 on others.
        var settings = new MachineSettings { Irqchip = Irqchip.User, Paravirt = Paravirtualization.None };
        Compare(Sending(ByIocsr, Asleep, sender), vcpu: sender, calls, vcpus: 3, settings);
    }

    [Fact]
    public void On_bare_metal_an_access_waits_for_its_trips_and_a_posted_send_for_none()
    {
        var settings = new MachineSettings { Hypervisor = Hypervisor.None };
        Compare(Measured(1, "iocsr.read.w t0, [0x1600]"), vcpu: 1, calls: 1, settings: settings);
        Compare(Measured(0, "iocsr.read.w t0, [0x1600]"), vcpu: 0, calls: 0, settings: settings);
        var (near, far) = Compare(Sending(ByIocsr, Running), vcpu: 0, calls: 0, settings: settings);
        using (near)
        using (far)
        {
            Assert.InRange(Late(far) - Late(near), Trip - 1_000, Trip + 1_000);
        }
    }

    [Theory]
    [InlineData(BigLock.On)]
    [InlineData(BigLock.Off)]
    public void A_line_that_the_board_raises_at_the_other_host_is_a_call_inside_the_call(BigLock bigLock)
    {
        // CPU 1 enables an interrupt of the UART, which is due at once: from the VMM by an ioctl to PCH-PIC, to EIOINTC and back to CPU 1.
        const string Route = """
            li   t0, -1
                iocsr.write.d t0, [0x1600]
                li   t0, 0x02020202
                iocsr.write.w t0, [0x1c00]
                li   a0, 0x10000000
                li   t0, ~(1 << 2)
                mmio.write.d t0, [a0 + 0x20]
                li   a0, 0x1fe001e0
                li   t0, 2
            """;
        var settings = new MachineSettings { BigLock = bigLock };
        Compare(Measured(1, "mmio.write.b t0, [a0 + 1]", Route), vcpu: 1, calls: 2, settings: settings);
        Compare(Measured(1, "mmio.write.b t0, [a0 + 1]", Route), vcpu: 1, calls: 2, settings: settings with { Irqchip = Irqchip.User, Paravirt = Paravirtualization.None });
        Compare(Measured(0, "mmio.write.b t0, [a0 + 1]", Route), vcpu: 0, calls: 1, settings: settings);
    }

    [Fact]
    public void Hosts_that_are_as_near_as_cpus_of_one_are_one_host()
    {
        using var alone = Run(Sending(ByHypercall, Asleep), 4, hosts: null);
        using var one = Run(Sending(ByHypercall, Asleep), 4, new HostSpread(1, VirtualTime.FromNanoseconds(2_000)));
        using var near = Run(Sending(ByHypercall, Asleep), 4, new HostSpread(4, VirtualTime.FromNanoseconds(25)));
        Assert.Equal(alone.Digest(), one.Digest());
        Assert.Equal(alone.Digest(), near.Digest());
    }

    [Fact]
    public void The_lookahead_between_hosts_is_their_latency_and_inside_it_is_that_of_a_path()
    {
        using var run = Run(Measured(0, "nop"), 6, new HostSpread(4, VirtualTime.FromNanoseconds(2_000)));
        var plan = run.Plan;
        Assert.Equal("0012230", string.Concat(plan.Groups.Select(group => group.Host)));
        Assert.Equal(VirtualTime.FromNanoseconds(2_000), plan.LookaheadBetween(Placement.Of([.. plan.Groups.Select(group => group.Host)], 4)));
        Assert.Equal(VirtualTime.FromNanoseconds(2_000), plan.Greatest);
        Assert.Equal(VirtualTime.FromNanoseconds(25), plan.Lookahead);
        Assert.Equal(VirtualTime.FromNanoseconds(25), plan.LookaheadBetween(Placement.Blocks(7, 5)));
    }

    [Fact]
    public void A_word_of_an_answer_holds_a_cost_and_its_calls()
    {
        var cost = CallCost.Of(new VirtualTime(5), 2) + CallCost.Of(new VirtualTime(7), 1);
        Assert.Equal((new VirtualTime(12), 3), (cost.Time, cost.InterHostCalls));
        Assert.Equal(12UL, CallCost.Of(new VirtualTime(12)).Packed);
        Assert.Throws<SimulationException>(() => CallCost.Of(new VirtualTime(1L << 52)));
        Assert.Throws<SimulationException>(() => CallCost.Of(new VirtualTime(1), 4_095) + CallCost.Of(new VirtualTime(1), 1));
    }

    /// <summary>A machine whose hosts differ in what a call between them takes longer is refused: answers only count such calls.</summary>
    [Fact]
    public void Paths_between_hosts_are_all_alike() =>
        Assert.Throws<ArgumentException>(() => new PathTable(["a", "b"], (from, to) => new PathTable.Path(new VirtualTime(100), InterHost: new VirtualTime((2 * from) + to))));

    /// <summary>ps from the sender's mark to the target's handler.</summary>
    private static long Late(GuestRun run) => (run.MarkAt(1, "taken") - run.MarkAt(0, "op.begin")).Picoseconds;

    /// <summary>The same guest with near and with far hosts: what a vCPU does between its marks takes so many calls longer, and its ledger says why.</summary>
    private static (GuestRun Near, GuestRun Far) Compare(string source, int vcpu, int calls, int vcpus = 2, MachineSettings? settings = null, CostProfile? costs = null, LoongArchProfile? profile = null)
    {
        var count = vcpus == 4 ? 2 : vcpus;
        var near = Run(source, vcpus, new HostSpread(count, VirtualTime.FromNanoseconds(25)), settings, costs, profile);
        var far = Run(source, vcpus, new HostSpread(count, VirtualTime.FromNanoseconds(2_000)), settings, costs, profile);
        var expected = near.Between(vcpu, "op.begin", "op.end") + (calls * Call);
        Assert.Equal(expected, far.Between(vcpu, "op.begin", "op.end"));

        var (before, after) = (near.Section(vcpu, "op"), far.Section(vcpu, "op"));
        Assert.Equal((calls, calls * Call), after.GetValueOrDefault(CostKind.InterHostTravel));
        after.Remove(CostKind.InterHostTravel);
        Assert.Equal(before, after);
        Assert.Equal(expected, after.Values.Sum(entry => entry.Time) + (calls * Call));
        return (near, far);
    }

    private static GuestRun Run(string source, int vcpus, HostSpread? hosts, MachineSettings? settings = null, CostProfile? costs = null, LoongArchProfile? profile = null)
    {
        var run = new GuestRun(source, vcpus, costs, profile: profile, settings: (settings ?? new MachineSettings()) with { Hosts = hosts }).ToEnd();
        Assert.True(run.End is { Reason: EndReason.Exit, Code: 0 }, run.End?.Detail ?? "the guest did not come to its exit");
        return run;
    }
}
