using Trapline.Devices.LoongArch;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Devices.LoongArch.Timer;
using Trapline.Messages;

namespace Trapline.Devices.Tests.LoongArch;

/// <summary>Laws of CPU and IPI unit over random inputs.</summary>
public sealed class StateLawTests
{
    private static readonly int[] Registers =
    [
        Csr.Crmd, Csr.Prmd, Csr.Euen, Csr.Misc, Csr.Ecfg, Csr.Estat, Csr.Era, Csr.Badv, Csr.Eentry, Csr.CpuId, Csr.Save0,
        Csr.Save0 + 7, Csr.Tid, Csr.Tcfg, Csr.Tval, Csr.Cntc, Csr.Ticlr, Csr.Work, Csr.Badi, 0x99,
    ];

    private static readonly int[] IpiOffsets =
        [0x00, 0x04, 0x08, 0x0C, 0x20, 0x24, 0x28, 0x2C, 0x30, 0x35, 0x38, 0x3C, 0x40, 0x48, 0x80, 0x158];

    [Fact]
    public void The_cached_answers_are_those_of_the_registers() => Step.CheckAll(steps =>
    {
        var run = new CpuRun(TimerRestore.FiresAtOnce);
        foreach (var step in steps)
        {
            run.Apply(step);
            var cpu = run.Csrs.Interrupts;
            var enabled = (cpu.ReadCsr(Csr.Estat) & cpu.ReadCsr(Csr.Ecfg) & 0x1FFF) != 0;
            Assert.Equal(enabled, cpu.WakesIdle);
            Assert.Equal(enabled && (cpu.ReadCsr(Csr.Crmd) & 4) != 0, cpu.WantsInterrupt);

            var entered = new CpuInterrupts(new RecordingHost());
            RawState.Copy(cpu.SyncState, entered.SyncState);
            Assert.Equal(cpu.WakesBlocked, entered.WakesBlocked);
            entered.ApplyAtGuestEntry();
            Assert.Equal(cpu.WakesBlocked, entered.WakesIdle);
        }
    });

    [Fact]
    public void The_ipi_line_is_high_exactly_while_STATUS_is_not_zero_and_STATUS_is_that_of_a_naive_model() => Step.CheckAll(steps =>
    {
        var bench = MachineBench.WithIds();
        var model = new HashSet<int>[] { [], [] };
        foreach (var step in steps)
        {
            var sender = step.Place & 1;
            var target = (step.Place >> 1) & 1;
            var vector = (int)(step.Value & 31);
            var mask = (uint)step.Value;
            switch (step.Action % 5)
            {
                case 0:
                    bench.Write4(sender, 0x1040, (uint)((target << 16) | vector));
                    model[target].Add(vector);
                    break;
                case 1:
                    bench.Write4(sender, 0x1008, mask);
                    model[sender].UnionWith(Bits(mask));
                    break;
                case 2:
                    bench.Write4(sender, 0x100C, mask);
                    model[sender].ExceptWith(Bits(mask));
                    break;
                case 3:
                    bench.Write8(sender, 0x1158, ((ulong)mask << 32) | (uint)(target << 16) | 0x1008);
                    model[target].UnionWith(Bits(mask));
                    break;
                default:
                    bench.Write8(sender, 0x1158, ((ulong)mask << 32) | (uint)(target << 16) | 0x100C);
                    model[target].ExceptWith(Bits(mask));
                    break;
            }

            for (var cpu = 0; cpu < 2; cpu++)
            {
                Assert.Equal(model[cpu].Order(), Bits(bench.Cpus[cpu].Ipi.Status));
                Assert.Equal(model[cpu].Count > 0 ? "{IPI}" : "{}", bench.Lines(cpu));
                var guest = bench.Cpus[cpu].Interrupts;
                guest.ApplyAtGuestEntry();
                Assert.Equal(model[cpu].Count > 0, (guest.ReadCsr(Csr.Estat) & (1 << CpuLines.Ipi)) != 0);
            }
        }
    });

    [Fact]
    public void The_ipi_attributes_carry_all_but_the_counters() => Step.CheckAll(steps =>
    {
        var (source, target) = (new IpiUnit(new RecordingHost(), LoongArchProfiles.Kvm, 0), new IpiUnit(new RecordingHost(), LoongArchProfiles.Kvm, 1));
        foreach (var step in steps)
        {
            Apply(source, step);
        }

        var uapi = new IpiUapi(vcpu => vcpu == 0 ? source : target);
        foreach (var register in new[] { 0x00, 0x04, 0x08, 0x0C, 0x20, 0x28, 0x30, 0x38 })
        {
            Assert.Equal(0, uapi.GetAttribute(IpiUapi.RegistersGroup, IpiUapi.AttributeOf(0, register), out var value));
            Assert.Equal(0, uapi.SetAttribute(IpiUapi.RegistersGroup, IpiUapi.AttributeOf(1, register), value));
        }

        Assert.Equal(WithoutCounters(source), WithoutCounters(target));
    });

    [Fact]
    public void The_one_registers_carry_a_cpu_that_does_not_run_to_a_fresh_one() => Step.CheckAll(steps =>
    {
        var run = new CpuRun(TimerRestore.KeepsRemaining);
        foreach (var step in steps)
        {
            run.Apply(step);
        }

        // At a whole number of ticks before the expiry nothing of the timer is lost; the rest is flushed or named.
        var source = new CpuUapi(run.Csrs, new CpuIdMap(1), 0);
        var fresh = new CpuRun(TimerRestore.KeepsRemaining) { Now = run.Now };
        var target = new CpuUapi(fresh.Csrs, new CpuIdMap(1), 0);
        foreach (var number in CsrNames.All.Select(Number).Where(number => number != Csr.CpuId))
        {
            Assert.Equal(0, source.GetOneRegister(OneRegister.OfCsr(number), run.Now, out var value));
            Assert.Equal(0, target.SetOneRegister(OneRegister.OfCsr(number), value, run.Now));
        }

        foreach (var number in CsrNames.All.Select(Number).Where(number => number != Csr.CpuId))
        {
            Assert.Equal(run.Csrs.ReadCsr(number, run.Now), fresh.Csrs.ReadCsr(number, run.Now));
        }

        Assert.False(run.Csrs.Interrupts.HasQueued);
    });

    private static int Number(string name) => CsrNames.TryParse(name, out var number) ? number : -1;

    private static IEnumerable<int> Bits(uint mask) => Enumerable.Range(0, 32).Where(bit => (mask & (1u << bit)) != 0);

    private static List<KeyValuePair<string, ulong>> WithoutCounters(IpiUnit unit) =>
        [.. RawState.List(unit.SyncState).Where(row => !row.Key.EndsWith("_exits", StringComparison.Ordinal))];

    private static string Apply(IpiUnit unit, Step step)
    {
        var size = 1 << (step.Place & 3);
        var address = 0x1000 + (ulong)IpiOffsets[(step.Place >> 2) % IpiOffsets.Length];
        var uapi = new IpiUapi(_ => unit);
        var attribute = IpiUapi.AttributeOf(0, (int)address & 0xFF);
        switch (step.Action % 6)
        {
            case 4:
                return $"{uapi.GetAttribute(IpiUapi.RegistersGroup, attribute, out var stored)} {stored:x}";
            case 5:
                return $"{uapi.SetAttribute(IpiUapi.RegistersGroup, attribute, step.Value)}";
            case 0:
                return $"{unit.Read(address, size, out var value)} {value:x}";
            case 1:
                return $"{unit.Write(address, size, step.Value, out var rest)} {rest}";
            case 2:
                unit.Set((uint)step.Value);
                return "set";
            default:
                return $"{unit.MaskedWrite((uint)address, (int)(step.Value >> 60), (uint)step.Value, isBusAccess: true, out rest)} {rest}";
        }
    }

    /// <summary>A CPU that is driven through time by steps.</summary>
    private sealed class CpuRun
    {
        public CpuRun(TimerRestore restore) => Csrs = new CsrFile(Host, LoongArchProfiles.Kvm, 0, ConstantTimer.DefaultTick, restore);

        public RecordingHost Host { get; } = new();

        public CsrFile Csrs { get; }

        public VirtualTime Now { get; set; }

        public string Apply(Step step)
        {
            var line = (int)(step.Value % CpuLines.Count);
            var register = Registers[step.Place % Registers.Length];
            Now += new VirtualTime((long)(step.Value % 4096) * 2_500);
            var uapi = new CpuUapi(Csrs, new CpuIdMap(1), 0);
            switch (step.Action % 11)
            {
                case 0 or 1:
                    return $"{Csrs.ReadCsr(register, Now):x}";
                case 2 or 3:
                    Csrs.WriteCsr(register, step.Value, Now);
                    return "written";
                case 4:
                    Csrs.Interrupts.Queue(line);
                    return "queued";
                case 5:
                    Csrs.Interrupts.Dequeue(line);
                    return "dequeued";
                case 6:
                    Csrs.EnterGuest(Now);
                    Csrs.Interrupts.WorkRemaining = step.Value >> 1;
                    return Csrs.Interrupts.WantsInterrupt ? $"{Csrs.Interrupts.TakeInterrupt(step.Value, out line):x} {line}" : "quiet";
                case 10:
                    return $"{uapi.SetOneRegister(OneRegister.OfCsr(register), step.Value, Now)}";
                case 7:
                    return $"{Csrs.Interrupts.RaiseFault(ExceptionCodes.Ine, 3, step.Value):x}";
                case 8:
                    return $"{Csrs.Interrupts.ExceptionReturn():x} {Csrs.Interrupts.WorkRemaining}";
                default:
                    Csrs.Timer.Expire(Now);
                    return $"{Csrs.Timer.StableCounter(Now)} {Csrs.Interrupts.WakesBlocked}";
            }
        }
    }
}
