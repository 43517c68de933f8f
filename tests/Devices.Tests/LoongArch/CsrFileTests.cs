using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Devices.LoongArch.Timer;
using Trapline.Messages;

namespace Trapline.Devices.Tests.LoongArch;

/// <summary>Reset values, writable bits and names of the control and status registers.</summary>
public sealed class CsrFileTests
{
    private static readonly VirtualTime Now = VirtualTime.FromNanoseconds(100);
    private readonly CsrFile _csrs = new(new RecordingHost(), LoongArchProfiles.Kvm, 0, ConstantTimer.DefaultTick);

    [Theory]
    [InlineData("CRMD", 0x8, 0x3FF)]
    [InlineData("PRMD", 0, 0xF)]
    [InlineData("EUEN", 0, 0xF)]
    [InlineData("MISC", 0, 0x7FEEE)]
    [InlineData("ECFG", 0, 0x71FFF)]
    [InlineData("ESTAT", 0, 0x3)]
    [InlineData("ERA", 0, ulong.MaxValue)]
    [InlineData("BADV", 0, ulong.MaxValue)]
    [InlineData("BADI", 0, 0)]
    [InlineData("EENTRY", 0, 0xFFFFFFFFFFFFF000)]
    [InlineData("CPUID", 256, 256)]
    [InlineData("SAVE0", 0, ulong.MaxValue)]
    [InlineData("SAVE7", 0, ulong.MaxValue)]
    [InlineData("TID", 0, 0xFFFFFFFF)]
    [InlineData("TVAL", 0, 0)]
    [InlineData("CNTC", 0, ulong.MaxValue)]
    [InlineData("TICLR", 0, 0)]
    [InlineData("WORK", 0, ulong.MaxValue)]
    public void A_register_has_its_reset_value_and_takes_its_writable_bits(string name, ulong reset, ulong afterOnes)
    {
        Assert.True(CsrNames.TryParse(name, out var number));
        Assert.Equal(reset, _csrs.ReadCsr(number, Now));
        _csrs.WriteCsr(number, ulong.MaxValue, Now);
        Assert.Equal(afterOnes, _csrs.ReadCsr(number, Now));
    }

    [Fact]
    public void A_register_that_does_not_exist_reads_zero_and_ignores_writes()
    {
        var before = RawState.Save(_csrs.SyncState);
        foreach (var number in new[] { -1, 0x9, 0x2F, 0x38, 0x45, 0x52, 0x3EF, 0x4000, int.MaxValue })
        {
            _csrs.WriteCsr(number, ulong.MaxValue, Now);
            Assert.Equal(0ul, _csrs.ReadCsr(number, Now));
        }

        Assert.Equal(before, RawState.Save(_csrs.SyncState));
    }

    [Fact]
    public void An_exchange_writes_the_masked_bits_and_gives_the_old_value()
    {
        _csrs.WriteCsr(Csr.Ecfg, 0xF0, Now);
        Assert.Equal(0xF0ul, _csrs.ExchangeCsr(Csr.Ecfg, 0x0C, 0x3C, Now));
        Assert.Equal(0xCCul, _csrs.ReadCsr(Csr.Ecfg, Now));
    }

    [Fact]
    public void Each_save_register_is_its_own()
    {
        for (var i = 0; i < Csr.SaveCount; i++)
        {
            _csrs.WriteCsr(Csr.Save0 + i, (ulong)i + 1, Now);
        }

        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], Enumerable.Range(Csr.Save0, Csr.SaveCount).Select(number => _csrs.ReadCsr(number, Now)));
    }

    [Fact]
    public void Names_and_numbers_are_each_others_inverse_in_any_case()
    {
        Assert.Equal(25, CsrNames.All.Count);
        foreach (var name in CsrNames.All)
        {
            Assert.True(CsrNames.TryParse(name, out var number));
            Assert.False(CsrNames.TryParse(name.ToLowerInvariant(), out _), "a guest is case-sensitive");
            Assert.Equal(name, CsrNames.NameOf(number));
        }

        Assert.False(CsrNames.TryParse("SAVE8", out _));
        Assert.Null(CsrNames.NameOf(0x9));
        Assert.True(CsrNames.TryParse("EENTRY", out var entry));
        Assert.Equal(0xC, entry);
    }

    [Fact]
    public void The_state_table_names_each_row_once_with_its_part()
    {
        var names = RawState.Names(_csrs.SyncState);
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.Contains("interrupts.ESTAT", names);
        Assert.Contains("timer.TCFG", names);
        Assert.Contains("SAVE[7]", names);
    }

    [Fact]
    public void Nothing_is_allocated_by_interrupts_and_registers_when_nobody_listens()
    {
        var csrs = new CsrFile(new SilentHost(), LoongArchProfiles.Kvm, 0, ConstantTimer.DefaultTick);
        csrs.WriteCsr(Csr.Ecfg, 0x1FFF, Now);
        csrs.WriteCsr(Csr.Crmd, 4, Now);
        Round(csrs);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Round(csrs);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void Round(CsrFile csrs)
    {
        csrs.Interrupts.Queue(12);
        csrs.EnterGuest(Now);
        csrs.Interrupts.TakeInterrupt(0, out _);
        csrs.Interrupts.Dequeue(12);
        csrs.EnterGuest(Now);
        csrs.Interrupts.ExceptionReturn();
        csrs.WriteCsr(Csr.Tcfg, 1, Now);
        csrs.WriteCsr(Csr.Ticlr, 1, Now);
        csrs.ExchangeCsr(Csr.Estat, 1, 1, Now);
        csrs.WriteCsr(Csr.Estat, 0, Now);
    }
}
