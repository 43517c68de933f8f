using Trapline.Actors.Kernel;
using Trapline.Actors.Vcpus;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Devices.LoongArch;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Vm;
using Trapline.Messages;
using Xunit;

namespace Trapline.Machines.Tests.Boundary;

/// <summary>vCPUs that user space stops between two instructions, asks, takes apart, makes anew and runs on.</summary>
public sealed class StopTests
{
    private const string Counting = """
        .shared cell, 8
        start:
            cpu.index a0
            bnez a0, sleep
        again:
            add s0, s0, 1
            work 700ns
            random s1, 1000
            add s2, s2, s1
            la  t0, cell
            st.d s0, [t0]
            b again
        sleep:
            idle
            add s0, s0, 1
            b sleep
        """;

    private static readonly ulong[] Csrs =
    [
        .. new[] { Csr.Crmd, Csr.Prmd, Csr.Euen, Csr.Misc, Csr.Ecfg, Csr.Estat, Csr.Era, Csr.Badv, Csr.Badi, Csr.Eentry }.Select(OneRegister.OfCsr),
        .. Enumerable.Range(Csr.Save0, Csr.SaveCount).Select(OneRegister.OfCsr),
        .. new[] { Csr.Tid, Csr.Cntc, Csr.Work, Csr.Tval, Csr.Tcfg }.Select(OneRegister.OfCsr),
    ];

    public static TheoryData<string, string> Guests => new()
    {
        { "work", "start:\n  work 1ms\n  b start" },
        { "instructions", "start:\n  add s0, s0, 1\n  b start" },
        { "wait", ".shared cell, 8\nstart:\n  la t0, cell\n  li t1, 0\n  wait.d t2, [t0], t1\n  b start" },
        { "accesses in the kernel", "start:\n  li a0, 0x1000\n  iocsr.read.w a1, [a0]\n  b start" },
        { "accesses in user space", "start:\n  li a0, 0x40000000\n  mmio.read.d a1, [a0]\n  b start" },
        { "far memory", ".shared cell, 8\nstart:\n  la t0, cell\n  ld.d t1, [t0]\n  b start" },
        { "sleep", "start:\n  idle\n  b start" },
    };

    [Theory]
    [MemberData(nameof(Guests))]
    public void Whatever_it_does_it_leaves_at_the_next_boundary_and_goes_on(string what, string guest)
    {
        Assert.NotEmpty(what);
        using var bench = new BoundaryBench(guest, isMigratable: true);
        var before = bench.Run.Exits(0, "signal").Count;
        var stopped = Assert.Single(bench.Post(Vcpu(0), MessageKind.StopRun));
        Assert.Equal((MessageKind.RunStopped, 1UL), (stopped.Kind, stopped.Word0));
        Assert.Equal(VcpuPhase.Paused, bench.Run.Vcpu(0).Phase);
        Assert.Equal(before + 1, bench.Run.Exits(0, "signal").Count);
        Assert.Equal(0, bench.Run.Exits(0, "int").Count);

        var still = bench.Rows(Vcpu(0));
        bench.Wait();
        Assert.Equal(still, bench.Rows(Vcpu(0)));
        Assert.Equal(1UL, Assert.Single(bench.Post(Vcpu(0), MessageKind.StopRun)).Word0);

        Assert.Equal(0, bench.Vm(KvmIoctl.Run, 0).Result);
        Assert.NotEqual(VcpuPhase.Paused, bench.Run.Vcpu(0).Phase);
        Assert.Equal(1UL, Assert.Single(bench.Post(Vcpu(0), MessageKind.StopRun)).Word0);
    }

    [Fact]
    public void Sleep_is_over_for_a_vcpu_that_was_stopped_in_it()
    {
        using var bench = new BoundaryBench("start:\n  idle\n  add s0, s0, 1\n  b start", isMigratable: true);
        Assert.Equal(0UL, Register(bench, 0, 23));
        bench.Post(Vcpu(0), MessageKind.StopRun);
        Assert.Equal(0UL, Register(bench, 0, 23));
        Assert.Equal(0, bench.Vm(KvmIoctl.Run, 0).Result);
        bench.Post(Vcpu(0), MessageKind.StopRun);
        Assert.Equal(1UL, Register(bench, 0, 23));
    }

    /// <summary>The cost of the signal is that of a kick; what is left of the work is what was left when the kick took effect.</summary>
    [Fact]
    public void Work_keeps_what_is_left_of_it()
    {
        using var bench = new BoundaryBench("start:\n  cpu.index a0\n  bnez a0, asleep\n  work 1ms\n  exit 0\nasleep:\n  idle\n  b asleep", isMigratable: true);
        bench.Post(Vcpu(0), MessageKind.StopRun);
        var left = Register(bench, 0, VcpuRegister.WorkRemaining);
        Assert.InRange(left, 1UL, 900_000_000UL);
        for (var i = 0; i < 200; i++)
        {
            bench.Wait();
        }

        Assert.Equal(left, Register(bench, 0, VcpuRegister.WorkRemaining));
        Assert.Equal(0, bench.Vm(KvmIoctl.Run, 0).Result);
        Assert.Null(bench.Run.End);
        for (var i = 0; bench.Run.End is null && i < 200; i++)
        {
            bench.Wait();
        }

        Assert.Equal(EndReason.Exit, bench.Run.End?.Reason);
    }

    [Fact]
    public void A_line_that_is_queued_while_it_is_stopped_waits_for_the_next_entry()
    {
        using var bench = new BoundaryBench(isMigratable: true);
        bench.Post(Vcpu(0), MessageKind.StopRun);
        Assert.Equal(0, bench.Vcpu(0, KvmIoctl.Interrupt, CpuLines.Hwi0).Result);
        Assert.Equal(VcpuPhase.Paused, bench.Run.Vcpu(0).Phase);
        Assert.Equal(1UL << CpuLines.Hwi0, Row(bench, 0, "interrupts.pend"));
        Assert.Equal((0, 1UL << CpuLines.Hwi0), bench.Vcpu(0, KvmIoctl.GetOneRegister, OneRegister.OfCsr(Csr.Estat)));
        Assert.Equal(0UL, Row(bench, 0, "interrupts.pend"));
    }

    [Fact]
    public void An_access_that_faults_has_its_fault_before_anybody_looks()
    {
        // A read that the RTC answers with a fault: one byte.
        using var bench = new BoundaryBench("""
            start:
                la  t0, handler
                csr.write t0, EENTRY
                li  a0, 0x100D0120
            again:
                mmio.read.b a1, [a0]
                nop
                .align 4096
            handler:
                csr.write zero, BADV
                b   again
            """, isMigratable: true);

        // It is nearly always outside with its access.
        bench.Post(Vcpu(0), MessageKind.StopRun);
        Assert.Equal(0UL, Row(bench, 0, "exitFaults"));
        Assert.Equal((0, 0x100D0120UL), bench.Vcpu(0, KvmIoctl.GetOneRegister, OneRegister.OfCsr(Csr.Badv)));
        var handler = bench.Vcpu(0, KvmIoctl.GetOneRegister, OneRegister.OfCsr(Csr.Eentry)).Value;
        Assert.Equal(handler, Register(bench, 0, VcpuRegister.ProgramCounter));
    }

    [Fact]
    public void The_timer_stands_still_and_goes_on_with_what_was_left()
    {
        const string guest = """
            start:
                li  a0, 0x400001      # one-shot, 41.9 ms
                csr.write a0, TCFG
            again:
                work 1us
                b again
            """;
        using var bench = new BoundaryBench(guest, isMigratable: true);
        bench.Post(Vcpu(0), MessageKind.StopRun);
        var left = bench.Vcpu(0, KvmIoctl.GetOneRegister, OneRegister.OfCsr(Csr.Tval)).Value;
        bench.Wait();
        Assert.Equal(left, bench.Vcpu(0, KvmIoctl.GetOneRegister, OneRegister.OfCsr(Csr.Tval)).Value);
        Assert.Equal(0, bench.Vm(KvmIoctl.Run, 0).Result);
        bench.Wait();
        bench.Post(Vcpu(0), MessageKind.StopRun);

        // Less than the 20 us that went by, and more than the 10 us that it was left alone.
        Assert.InRange(left - bench.Vcpu(0, KvmIoctl.GetOneRegister, OneRegister.OfCsr(Csr.Tval)).Value, 1_000UL, 3_200UL);
    }

    [Fact]
    public void The_counter_that_is_set_at_the_first_vcpu_holds_for_all()
    {
        using var bench = new BoundaryBench(isMigratable: true);
        StopAll(bench);
        Assert.Equal(0, bench.Vcpu(1, KvmIoctl.SetOneRegister, OneRegister.Counter, 5).Result);
        Assert.InRange(Counter(bench, 1), 10_000UL, 100_000UL);
        Assert.Equal(0, bench.Vcpu(0, KvmIoctl.SetOneRegister, OneRegister.Counter, 1UL << 40).Result);
        Assert.InRange(Counter(bench, 0) - (1UL << 40), 1UL, 4_000UL);
        Assert.InRange(Counter(bench, 1) - (1UL << 40), 1UL, 8_000UL);
        Assert.Equal(Row(bench, 0, "counter offset"), Row(bench, 1, "counter offset"));
    }

    [Fact]
    public void Registers_that_are_none_are_refused_and_zero_stays_zero()
    {
        using var bench = new BoundaryBench(isMigratable: true);
        StopAll(bench);
        Assert.Equal(Errno.InvalidArgument, bench.Vcpu(0, KvmIoctl.GetRegister, VcpuRegister.Count).Result);
        Assert.Equal(Errno.InvalidArgument, bench.Vcpu(0, KvmIoctl.SetRegister, ulong.MaxValue, 1).Result);
        Assert.Equal(Errno.InvalidArgument, bench.Vcpu(0, KvmIoctl.SetRegister, VcpuRegister.HasEnded, 2).Result);
        Assert.Equal(Errno.InvalidArgument, bench.Vcpu(0, KvmIoctl.SetRegister, VcpuRegister.WorkDraws, 1).Result);
        Assert.Equal(0, bench.Vcpu(0, KvmIoctl.SetRegister, 0, 1).Result);
        Assert.Equal(0UL, Register(bench, 0, 0));
    }

    [Fact]
    public void A_guest_that_has_ended_is_not_run_again()
    {
        using var bench = new BoundaryBench(isMigratable: true);
        Recreate(bench);
        Assert.Equal(0, bench.Vcpu(0, KvmIoctl.SetRegister, VcpuRegister.HasEnded, 1).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.Run, 0).Result);
        Assert.Equal(VcpuPhase.Stopped, bench.Run.Vcpu(0).Phase);
        Assert.Equal(0UL, Assert.Single(bench.Post(Vcpu(0), MessageKind.StopRun)).Word0);
        Assert.Equal(1UL, Register(bench, 0, VcpuRegister.HasEnded));
    }

    [Fact]
    public void A_vcpu_that_was_destroyed_and_made_anew_is_as_one_that_never_ran()
    {
        using var fresh = new BoundaryBench("start:\n  idle\n  b start", isMigratable: true);
        using var bench = new BoundaryBench("""
            start:
                li  a0, 0x400001
                csr.write a0, TCFG
                li  a0, 0x1FFF
                csr.write a0, ECFG
                csr.write a0, SAVE3
                li  a0, 1
                csr.xchg a0, a0, ESTAT
            again:
                work 1us
                random s1, 1000
                la t0, cell
                ld.d t1, [t0]
                b again
            .shared cell, 8
            """, isMigratable: true);
        StopAll(bench);
        Recreate(bench);
        Recreate(fresh);
        string[] statistics = ["bookedUntil", "counter[", "markCount", "taken", "raised", "coalesced", "handled", "withdrawn", "masked", "software.", "int_exits", "idle_exits", "exits", "exit[", "latency", "ledger", "section", "paravirt.cpucfg", "paravirt.hypercall", "mark", "counter offset"];
        Assert.Equal(fresh.Rows(Vcpu(0), statistics), bench.Rows(Vcpu(0), statistics));
    }

    /// <summary>The same VM is taken apart and made anew from what was read: the guest does not notice, its draws go on.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_read_from_a_vcpu_and_set_into_a_fresh_one_goes_on(bool perturbed)
    {
        var perturbation = perturbed ? new Perturbation(300_000, 0) : Perturbation.None;
        using var calm = new BoundaryBench(Counting, isMigratable: true, perturbation: perturbation);
        using var moved = new BoundaryBench(Counting, isMigratable: true, perturbation: perturbation);
        StopAll(moved);
        var registers = Enumerable.Range(0, VcpuRegister.Count).Select(index => Register(moved, 0, index)).ToArray();
        var control = Csrs.Select(id => moved.Vcpu(0, KvmIoctl.GetOneRegister, id)).ToArray();
        Assert.All(control, value => Assert.Equal(0, value.Result));
        var counter = Counter(moved, 0);
        Recreate(moved);
        for (var index = 0; index < VcpuRegister.Count; index++)
        {
            Assert.Equal(0, moved.Vcpu(0, KvmIoctl.SetRegister, (ulong)index, registers[index]).Result);
        }

        for (var index = 0; index < Csrs.Length; index++)
        {
            Assert.Equal(0, moved.Vcpu(0, KvmIoctl.SetOneRegister, Csrs[index], control[index].Value).Result);
        }

        Assert.Equal(0, moved.Vcpu(0, KvmIoctl.SetOneRegister, OneRegister.Counter, counter).Result);
        Assert.InRange(Counter(moved, 0) - counter, 1UL, 4_000UL);
        Assert.Equal(registers, Enumerable.Range(0, VcpuRegister.Count).Select(index => Register(moved, 0, index)));
        Assert.Equal(control, Csrs.Select(id => moved.Vcpu(0, KvmIoctl.GetOneRegister, id)));
        Assert.Equal(0, moved.Vm(KvmIoctl.Run, 0).Result);
        for (var i = 0; i < 20; i++)
        {
            moved.Wait();
        }

        // Both are asked when they have gone as far: their registers and draws are the same.
        moved.Post(Vcpu(0), MessageKind.StopRun);
        var far = Register(moved, 0, 23);
        Assert.True(far > registers[23] + 20);
        var sum = Register(moved, 0, 25);
        while (true)
        {
            calm.Post(Vcpu(0), MessageKind.StopRun);
            if (Register(calm, 0, 23) >= far)
            {
                break;
            }

            Assert.Equal(0, calm.Vm(KvmIoctl.Run, 0).Result);
        }

        Assert.Equal(SumAt(calm, far), SumAt(moved, far));
        Assert.True(sum > 0);
    }

    /// <summary>What the guest has summed up after so many draws, from the position of its draws and the sum since.</summary>
    private static ulong SumAt(BoundaryBench bench, ulong rounds)
    {
        var drawn = Register(bench, 0, VcpuRegister.Draws);
        var sum = Register(bench, 0, 25);
        for (var n = drawn; n > rounds - 1; n--)
        {
            sum -= CounterRandom.DrawBelow(1000, 1, Vcpu(0), RandomPurpose.Guest, n - 1);
        }

        return sum;
    }

    private static ActorAddress Vcpu(int index) => new(0, ActorRole.Vcpu, index);

    private static ulong Register(BoundaryBench bench, int vcpu, int index)
    {
        if (bench.Run.Vcpu(vcpu).Phase is not (VcpuPhase.Paused or VcpuPhase.Stopped))
        {
            return index < VcpuRegister.GeneralCount ? Row(bench, vcpu, $"r[{index}]") : throw new ArgumentException("it runs", nameof(index));
        }

        var (result, value) = bench.Vcpu(vcpu, KvmIoctl.GetRegister, (ulong)index);
        Assert.Equal(0, result);
        return value;
    }

    private static ulong Counter(BoundaryBench bench, int vcpu) => bench.Vcpu(vcpu, KvmIoctl.GetOneRegister, OneRegister.Counter).Value;

    private static ulong Row(BoundaryBench bench, int vcpu, string name) => bench.Rows(Vcpu(vcpu)).Single(row => row.Key == name).Value;

    private static void StopAll(BoundaryBench bench)
    {
        for (var vcpu = 0; vcpu < BoundaryBench.Vcpus; vcpu++)
        {
            Assert.Single(bench.Post(Vcpu(vcpu), MessageKind.StopRun));
        }
    }

    /// <summary>Closes every file of the VM and makes another one.</summary>
    private static void Recreate(BoundaryBench bench)
    {
        foreach (var device in VmInterrupts.Devices)
        {
            Assert.Equal(0, bench.Device(device, KvmIoctl.CloseDevice, 0, 0).Result);
        }

        Assert.Equal(0, bench.Vm(KvmIoctl.CloseVm).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.CloseVcpu, 0).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.CloseVcpu, 1).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.CreateVm).Result);
        for (var vcpu = 0UL; vcpu < BoundaryBench.Vcpus; vcpu++)
        {
            Assert.Equal(0, bench.Vm(KvmIoctl.CreateVcpu, vcpu).Result);
            Assert.Equal(0, bench.Vm(KvmIoctl.SetOneRegister, vcpu, OneRegister.OfCsr(Csr.CpuId), vcpu).Result);
        }
    }
}
