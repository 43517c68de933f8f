using Trapline.Devices.LoongArch;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Devices.LoongArch.Timer;
using Trapline.Messages;

namespace Trapline.Devices.Tests.LoongArch;

/// <summary>Defects that no numbered vector tells of: with the switch they show as section 11.1 says, without it all is well.</summary>
public sealed class DefectTests
{
    private const ulong Enable = 0x1600;
    private const ulong CoreStatus = 0x1800;
    private const ulong CoreMap = 0x1C00;

    [Theory]
    [InlineData(false, 0u, 1u)]
    [InlineData(true, 0x100u, 0u)]
    public void F2_disabling_by_a_wide_write_lowers_vectors_of_the_first_byte(bool defect, uint ninth, uint first)
    {
        var bench = MachineBench.WithIds(LoongArchProfiles.Kvm with { EiointcEnableIndexReused = defect });
        bench.Write4(0, Enable, 0x101);
        bench.In(0, 1);
        bench.In(8, 1);
        // Vector 8 is disabled, vector 0 is not.
        bench.Write4(0, Enable, 1);
        Assert.Equal(ninth | first, bench.Pending(0));
    }

    [Theory]
    [InlineData(4, false, "{}")]
    [InlineData(4, true, "{HWI0}")]
    [InlineData(8, true, "{HWI0}")]
    [InlineData(1, true, "{}")]
    public void F2_the_index_of_a_later_register_names_another_or_none(int size, bool defect, string lines)
    {
        var bench = MachineBench.WithIds(LoongArchProfiles.Kvm with { EiointcEnableIndexReused = defect });
        bench.Write8(0, Enable + 8, 1);
        bench.In(64, 1);
        bench.Write(0, Enable + 8, size, 0);
        Assert.Equal(lines, bench.Lines(0));
    }

    [Theory]
    [InlineData(false, 0, 0)]
    [InlineData(true, 2, 1)]
    public void F10_mail_by_the_bus_is_counted_at_the_target(bool defect, ulong writes, ulong reads)
    {
        var bench = MachineBench.WithIds(LoongArchProfiles.Kvm with { MailSendUsesBus = defect });
        bench.Write8(0, 0x1048, 0x12345678_80010000);
        bench.Write8(0, 0x1048, 0x000000AA_F0010000);
        Assert.Equal((writes, reads), (bench.Cpus[1].Ipi.WriteExits, bench.Cpus[1].Ipi.ReadExits));
        // The mailbox is the same: of the second write byte 0 alone is new.
        Assert.Equal(0x123456AAu, bench.Read4(1, 0x1020));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void F16_a_register_that_is_not_the_first_is_not_where_it_was_put(bool defect)
    {
        var bench = MachineBench.WithIds(LoongArchProfiles.Kvm with { EiointcAttributeOffsetScaled = defect });
        foreach (var (offset, value) in new[] { (0x200, 0x11u), (0x204, 0x22u), (0x804, 0x01010101u) })
        {
            Assert.Equal(0, bench.EiointcUapi.SetAttribute(EiointcUapi.RegistersGroup, EiointcUapi.AttributeOf(offset), value));
        }

        Assert.Equal(0x11u, bench.Read4(0, Enable));
        Assert.Equal(defect ? 0 : 0x22u, bench.Read4(0, Enable + 4));
        // Register 1 of COREMAP is looked for at register 8, inside the array.
        Assert.Equal(defect ? (0u, 0x01010101u) : (0x01010101u, 0u), (bench.Read4(0, CoreMap + 4), bench.Read4(0, CoreMap + 0x20)));
        Assert.Equal(0, bench.EiointcUapi.GetAttribute(EiointcUapi.RegistersGroup, EiointcUapi.AttributeOf(0x204), out var read));
        Assert.Equal(defect ? 0 : 0x22u, read);
    }

    [Theory]
    [InlineData(false, 0x100u, 0u)]
    [InlineData(true, 0u, 0x100u)]
    public void F16_register_1_of_COREISR_is_register_0_of_the_next_cpu(bool defect, uint own, uint next)
    {
        var bench = MachineBench.WithIds(LoongArchProfiles.Kvm with { EiointcAttributeOffsetScaled = defect });
        Assert.Equal(0, bench.EiointcUapi.SetAttribute(EiointcUapi.RegistersGroup, EiointcUapi.AttributeOf(0x404, 0), 0x100));
        Assert.Equal((own, next), (bench.Read4(0, CoreStatus + 4), bench.Read4(1, CoreStatus)));
        // Behind the last CPU there is nothing.
        Assert.Equal(0, bench.EiointcUapi.SetAttribute(EiointcUapi.RegistersGroup, EiointcUapi.AttributeOf(0x41C, 1), 0x100));
        Assert.Equal(defect ? 0 : 0x100u, bench.Read4(1, CoreStatus + 0x1C));
    }

    [Theory]
    [InlineData(false, 0u, 0x20u)]
    [InlineData(true, 0x20u, 0u)]
    public void FQ1_every_cpu_reads_COREISR_of_cpu_0(bool defect, uint atOne, uint own)
    {
        var bench = MachineBench.WithIds(LoongArchProfiles.Kvm with { CoreStatusReadsRowOfCpu0 = defect });
        bench.Write4(0, Enable, 0x60);
        bench.Write4(0, CoreMap + 4, 0x0002_0000);
        bench.In(5, 1);
        Assert.Equal(atOne, bench.Read4(1, CoreStatus));
        bench.Write4(0, CoreStatus, 0x20);
        bench.In(6, 1);
        Assert.Equal(own == 0 ? 0 : 0x40u, bench.Read4(1, CoreStatus));
        Assert.Equal("{HWI0}", bench.Lines(1));
    }

    [Theory]
    [InlineData(false, 0u, "{HWI0}")]
    [InlineData(true, 0x20u, "{}")]
    public void FQ4_behind_COREISR_lies_that_of_the_next_cpu(bool defect, uint seen, string lines)
    {
        var bench = MachineBench.WithIds(LoongArchProfiles.Kvm with { CoreStatusWindowTooLarge = defect });
        bench.Write4(0, Enable, 0x20);
        bench.Write4(0, CoreMap + 4, 0x0000_0200);
        bench.In(5, 1);
        Assert.Equal(seen, bench.Read4(0, CoreStatus + 0x20));
        bench.Write4(0, CoreStatus + 0x20, 0x20);
        Assert.Equal(lines, bench.Lines(1));
        // Behind the last CPU nothing is read and nothing changed.
        bench.Write4(0, CoreStatus + 0x40, uint.MaxValue);
        Assert.Equal(0u, bench.Read4(1, CoreStatus + 0x20));
    }

    [Theory]
    [InlineData(TimerRestore.KeepsRemaining, false)]
    [InlineData(TimerRestore.ExpiredFiresAgain, true)]
    public void F14_a_one_shot_that_had_run_out_runs_out_again(TimerRestore restore, bool pending)
    {
        var csrs = new CsrFile(new RecordingHost(), LoongArchProfiles.Kvm, 0, ConstantTimer.DefaultTick, restore);
        csrs.Timer.RestoreConfiguration(0x401, VirtualTime.Zero);
        csrs.Timer.RestoreCount((1ul << 48) - 7, VirtualTime.Zero);
        csrs.Timer.Resume(VirtualTime.FromNanoseconds(100));
        Assert.Equal(pending, (csrs.Interrupts.ReadCsr(Csr.Estat) & (1ul << CpuLines.Timer)) != 0);
    }

    [Theory]
    [InlineData(false, HypercallEffect.SendIpi, Hypercalls.Success)]
    [InlineData(true, HypercallEffect.Return, Hypercalls.InvalidCode)]
    public void An_offered_IPI_that_is_refused_returns_what_guests_ignore(bool defect, HypercallEffect effect, ulong result)
    {
        var profile = ParavirtProfiles.Final with { RefusesOfferedIpi = defect };
        var features = new ParavirtFeatures(profile, hostAccounts: true);
        var hypercalls = new Hypercalls(profile, features, null!);
        Assert.True(features.Has(ParavirtFeature.Ipi));
        var arguments = new HypercallArguments(Hypercalls.FunctionIpi, 1, 0, 1, 0, 0);
        Assert.Equal(new HypercallOutcome(effect, result), hypercalls.Dispatch(Hypercalls.ServiceCode, in arguments));
    }
}
