using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Arm.Timer;
using Trapline.Devices.Tests.Laws;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Arm;

/// <summary>Exceptions of an arm64 CPU, its system registers, and the wires from timer to GIC to CPU.</summary>
public sealed class ArmCpuTests
{
    private const ulong Vectors = 0x4000_0800;
    private const ulong Interrupted = 0x1234;
    private const ulong AllMasked = 0x3C0;

    private readonly LawWorld _world = new();
    private readonly ArmCpu _cpu;

    public ArmCpuTests()
    {
        _cpu = new ArmCpu(new GicCpuHost(_world), GicProfiles.Kvm, 0x123, GenericTimer.DefaultTick);
        Write(SystemRegister.VbarEl1, Vectors);
    }

    private ArmCpuState State => _cpu.State;

    [Fact]
    public void A_CPU_starts_at_EL1_with_everything_masked()
    {
        Assert.Equal((1, AllMasked, 4ul), (State.ExceptionLevel, Read(SystemRegister.Daif), Read(SystemRegister.CurrentEl)));
        Assert.Equal(0x8000_0000ul | 0x1203, Read(SystemRegister.MpidrEl1));
    }

    [Theory]
    [InlineData(0x5, GicCpu.IrqPin, 0x280), InlineData(0x5, GicCpu.FiqPin, 0x300), InlineData(0x4, GicCpu.IrqPin, 0x080)]
    [InlineData(0x0, GicCpu.IrqPin, 0x480), InlineData(0x0, GicCpu.FiqPin, 0x500)]
    public void An_interrupt_goes_to_the_vector_of_its_line_and_origin(ulong mode, int pin, ulong offset)
    {
        Return(mode | 0x6000_0000);
        State.DriveLine(pin, true);
        Assert.True(State.WantsInterrupt);
        Assert.Equal(Vectors + offset, State.TakeInterrupt(Interrupted, out var taken));
        Assert.Equal((pin, 1, AllMasked, false), (taken, State.ExceptionLevel, Read(SystemRegister.Daif), State.WantsInterrupt));
        Assert.Equal((Interrupted, mode | 0x6000_0000), (Read(SystemRegister.ElrEl1), Read(SystemRegister.SpsrEl1)));
        Assert.Equal(Interrupted, State.ExceptionReturn());
        Assert.Equal((mode | 0x6000_0000, true), (State.Status, State.WantsInterrupt));
    }

    [Theory, InlineData(GicCpu.IrqPin, 0x80, 0x40), InlineData(GicCpu.FiqPin, 0x40, 0x80)]
    public void A_masked_line_wakes_and_is_not_taken(int pin, ulong mask, ulong otherMask)
    {
        Write(SystemRegister.Daif, mask);
        State.DriveLine(pin, true);
        Assert.Equal((true, false), (State.WakesIdle, State.WantsInterrupt));
        Assert.Equal(mask, Read(SystemRegister.IsrEl1));
        Assert.Throws<InvalidOperationException>(() => State.TakeInterrupt(0, out _));
        Write(SystemRegister.Daif, otherMask);
        Assert.True(State.WantsInterrupt);
        State.DriveLine(pin, false);
        Assert.Equal((false, false), (State.WakesIdle, State.WantsInterrupt));
    }

    [Fact]
    public void The_immediate_forms_of_DAIF_set_and_clear_bits()
    {
        State.ClearMasks(0xF);
        Assert.Equal(0ul, Read(SystemRegister.Daif));
        State.SetMasks(2);
        Assert.Equal(0x80ul, Read(SystemRegister.Daif));
        State.ClearMasks(0xFFF1);
        Assert.Equal(0x80ul, Read(SystemRegister.Daif));
        Assert.Equal(1, State.ExceptionLevel);
    }

    [Theory]
    [InlineData(0x5, ExceptionClass.SupervisorCall, 0x200, 0x5600_0007ul), InlineData(0x0, ExceptionClass.SupervisorCall, 0x400, 0x5600_0007ul)]
    [InlineData(0x5, ExceptionClass.DataAbort, 0x200, 0x9600_0007ul), InlineData(0x0, ExceptionClass.DataAbort, 0x400, 0x9200_0007ul)]
    [InlineData(0x5, ExceptionClass.InstructionAbort, 0x200, 0x8600_0007ul), InlineData(0x0, ExceptionClass.Unknown, 0x400, 0x0200_0007ul)]
    public void A_synchronous_exception_records_its_class(ulong mode, int exceptionClass, ulong offset, ulong syndrome)
    {
        Return(mode);
        Assert.Equal(Vectors + offset, State.RaiseAddressException(exceptionClass, 7, Interrupted, 0xBAD));
        Assert.Equal((syndrome, 0xBADul, Interrupted), (Read(SystemRegister.EsrEl1), Read(SystemRegister.FarEl1), Read(SystemRegister.ElrEl1)));
    }

    [Fact]
    public void A_syndrome_that_does_not_fit_is_an_error()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => State.RaiseException(64, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => State.RaiseException(0, 1 << 25, 0));
    }

    [Theory, InlineData(0x9), InlineData(0xD), InlineData(0x10), InlineData(0x1), InlineData(0x10_0005)]
    public void A_return_to_a_mode_that_EL1_cannot_reach_is_an_exception(ulong status)
    {
        Write(SystemRegister.SpsrEl1, status | 0x80);
        Write(SystemRegister.ElrEl1, 0x9000);
        Assert.Equal(Vectors + 0x200, State.ExceptionReturn());
        Assert.Equal((0x3A00_0000ul, 0x9000ul, 0x10_0085ul), (Read(SystemRegister.EsrEl1), Read(SystemRegister.ElrEl1), Read(SystemRegister.SpsrEl1)));
    }

    [Fact]
    public void Broken_off_work_is_saved_at_entry_and_comes_back_at_return()
    {
        State.WorkRemaining = 5_000;
        State.RaiseException(ExceptionClass.Breakpoint, 0, Interrupted);
        Assert.Equal((0ul, 5_000ul), (State.WorkRemaining, Read(SystemRegister.WorkEl1)));
        State.ExceptionReturn();
        Assert.Equal((5_000ul, 0ul), (State.WorkRemaining, Read(SystemRegister.WorkEl1)));
    }

    [Fact]
    public void Every_name_has_its_own_encoding_and_register()
    {
        Assert.Equal(SystemRegisterNames.All.Count, SystemRegisterNames.All.Select(Encoding).Distinct().Count());
        Assert.All(SystemRegisterNames.All, name => Assert.Equal(name, SystemRegisterNames.NameOf(Encoding(name))));
        Assert.Equal(0xC660, Encoding("ICC_IAR1_EL1"));
        Assert.Equal(SystemRegister.Encode(3, 3, 14, 3, 2), Encoding("CNTV_CVAL_EL0"));
        Assert.Equal(SystemRegister.Encode(3, 0, 4, 6, 0), Encoding("ICC_PMR_EL1"));
        Assert.Null(SystemRegisterNames.NameOf(0));

        // Each can be read or written at EL1.
        Assert.All(SystemRegisterNames.All, name => Assert.True(
            _cpu.TryReadRegister(Encoding(name), VirtualTime.Zero, out _) || _cpu.TryWriteRegister(Encoding(name), 0, VirtualTime.Zero), name));
    }

    [Theory]
    [InlineData("ICC_IAR1_EL1", true, false), InlineData("ICC_EOIR1_EL1", false, true), InlineData("ICC_SGI1R_EL1", false, true), InlineData("ICC_RPR_EL1", true, false)]
    [InlineData("ICC_SRE_EL1", true, true), InlineData("MPIDR_EL1", true, false), InlineData("CurrentEL", true, false), InlineData("ISR_EL1", true, false)]
    [InlineData("CNTVCT_EL0", true, false), InlineData("CNTFRQ_EL0", true, false), InlineData("CNTV_TVAL_EL0", true, true), InlineData("TPIDRRO_EL0", true, true)]
    public void What_cannot_be_read_or_written_is_undefined(string name, bool canRead, bool canWrite)
    {
        Assert.Equal(canRead, _cpu.TryReadRegister(Encoding(name), VirtualTime.Zero, out _));
        Assert.Equal(canWrite, _cpu.TryWriteRegister(Encoding(name), 0, VirtualTime.Zero));
        Assert.False(_cpu.TryReadRegister((ushort)IccRegister.Ap0R1, VirtualTime.Zero, out _));
        Assert.False(_cpu.TryWriteRegister(0x1234, 0, VirtualTime.Zero));
    }

    [Fact]
    public void EL0_reaches_its_own_registers_and_the_counters_that_CNTKCTL_opens()
    {
        Write(SystemRegister.TpidrroEl0, 5);
        Write(SystemRegister.CntkctlEl1, 0x102);
        Return(0);
        Assert.All(new[] { "CNTVCT_EL0", "CNTFRQ_EL0", "CNTV_CTL_EL0", "TPIDR_EL0", "TPIDRRO_EL0" }, name => Assert.True(_cpu.TryReadRegister(Encoding(name), VirtualTime.Zero, out _), name));
        Assert.All(
            new[] { "CNTPCT_EL0", "CNTP_CTL_EL0", "VBAR_EL1", "ICC_IAR1_EL1", "DAIF", "CurrentEL", "CNTKCTL_EL1", "WORK" },
            name => Assert.False(_cpu.TryReadRegister(Encoding(name), VirtualTime.Zero, out _), name));
        Assert.True(_cpu.TryWriteRegister(SystemRegister.TpidrEl0, 1, VirtualTime.Zero));
        Assert.False(_cpu.TryWriteRegister(SystemRegister.TpidrroEl0, 1, VirtualTime.Zero));
    }

    [Fact]
    public void The_timer_reaches_the_CPU_by_its_PPI()
    {
        EnableGic();
        _cpu.Gic.WriteFrame(SgiFrameRegisters.SetEnable, 4, 1u << GenericTimer.VirtualPin);
        Write(SystemRegister.CntvTvalEl0, 10);
        Write(SystemRegister.CntvCtlEl0, 1);
        _world.Pass(VirtualTime.FromNanoseconds(159), _ => _cpu.Timer.Expire(_world.Now));
        Assert.False(State.WakesIdle);
        _world.Pass(VirtualTime.FromNanoseconds(1), _ => _cpu.Timer.Expire(_world.Now));
        Assert.True(State.WakesIdle);
        Assert.Equal(27ul, Read(Encoding("ICC_IAR1_EL1")));

        // The handler moves CVAL on: the level falls, and with it the interrupt.
        Write(SystemRegister.CntvTvalEl0, 10);
        Write(Encoding("ICC_EOIR1_EL1"), 27);
        Assert.Equal(1023ul, Read(Encoding("ICC_IAR1_EL1")));
    }

    [Fact]
    public void A_reset_leaves_the_redistributor_and_the_counters()
    {
        EnableGic();
        Write(SystemRegister.CntvCvalEl0, 0);
        Write(SystemRegister.CntvCtlEl0, 1);
        Write(SystemRegister.TpidrEl1, 7);
        _cpu.Reset(_world.Now);
        Assert.Equal((0ul, 0ul, 0ul, AllMasked), (Read(SystemRegister.TpidrEl1), Read(SystemRegister.CntvCtlEl0), Read(SystemRegister.VbarEl1), Read(SystemRegister.Daif)));
        Assert.Equal((0ul, false), (Read(Encoding("ICC_PMR_EL1")), State.WakesIdle));
        _cpu.Gic.ReadFrame(SgiFrameRegisters.SetEnable, 4, out var enabled);
        Assert.Equal(0xFFFFul, enabled);
    }

    [Fact]
    public void Impossible_state_is_refused_by_the_name_of_its_row()
    {
        (string Name, ulong Wrong)[] rows =
        [
            ("PSTATE", 0x9), ("IRQ", 1), ("FIQ", 1), ("PSTATE", 0x10_0005), ("SPSR_EL1", 1 << 22), ("ESR_EL1", 1UL << 32), ("VBAR_EL1", 1), ("level", 1), ("edge", 1), ("priority", 7), ("PMR", 7),
            ("BPR0", 1), ("BPR0", 8), ("BPR1", 2), ("CTLR", 4), ("CTLR identification", 1), ("IGRPEN", 4), ("distributor enables", 8), ("CTL", 4), ("CNTKCTL_EL1", 0x400),
        ];
        foreach (var (name, wrong) in rows)
        {
            var error = Assert.Throws<StateFormatException>(() => LoadWith(row => row.Split('.')[^1].Split('[')[0] == name, wrong));
            Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("interrupt", 31), InlineData("interrupt", 1020), InlineData("interrupt", 8191), InlineData("interrupt", 65536), InlineData("latched", 0), InlineData("latched", 2)]
    [InlineData("priority", 256), InlineData("held", 60_000)]
    public void Impossible_held_interrupts_are_refused(string name, ulong wrong)
    {
        EnableGic();
        _cpu.Gic.Take(new Devices.Arm.Ownership.Handover(40, 0xA0, CpuBench.Edge, 1));
        Assert.Throws<StateFormatException>(() => LoadWith(row => row.Contains("held", StringComparison.Ordinal) && row.EndsWith(name, StringComparison.Ordinal), wrong));
    }

    /// <summary>Rows with one value replaced, into a fresh CPU.</summary>
    private void LoadWith(Func<string, bool> isRow, ulong value)
    {
        var writer = new StateWriter();
        var rows = RawState.List(_cpu.SyncState);
        Assert.Contains(rows, row => isRow(row.Key));
        foreach (var row in rows)
        {
            var written = isRow(row.Key) ? value : row.Value;
            if (row.Key.Contains("priority", StringComparison.Ordinal) && row.Key.Contains("private", StringComparison.Ordinal))
            {
                writer.Row(row.Key, [(byte)written]);
            }
            else
            {
                writer.Row(row.Key, ref written);
            }
        }

        RawState.Load(new ArmCpu(new GicCpuHost(new LawWorld()), GicProfiles.Kvm, 0x123, GenericTimer.DefaultTick).SyncState, writer.Written.ToArray());
    }

    private static ushort Encoding(string name) => SystemRegisterNames.TryParse(name, out var encoding) ? encoding : throw new ArgumentException(name);

    private ulong Read(ushort encoding)
    {
        Assert.True(_cpu.TryReadRegister(encoding, _world.Now, out var value));
        return value;
    }

    private void Write(ushort encoding, ulong value) => Assert.True(_cpu.TryWriteRegister(encoding, value, _world.Now));

    /// <summary>ERET to a mode, flags and masks.</summary>
    private void Return(ulong status)
    {
        Write(SystemRegister.SpsrEl1, status);
        State.ExceptionReturn();
    }

    private void EnableGic()
    {
        _cpu.Gic.SetDistributorEnable(3);
        Write(Encoding("ICC_PMR_EL1"), 0xF0);
        Write(Encoding("ICC_IGRPEN1_EL1"), 1);
    }
}
