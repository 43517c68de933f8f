using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Paravirt;

namespace Trapline.Devices.Tests.LoongArch.Paravirt;

/// <summary>The numbered vectors C1 to C15 of CPUCFG.</summary>
public sealed class PvCpucfgVectorTests
{
    private const ulong Signature = 0x004D_564B;

    /// <summary>One read, which is counted.</summary>
    private static void Reads(ParavirtProfile profile, ulong index, int privilegeLevel, ulong expected, bool hostAccounts = true)
    {
        var bench = new PvBench(profile, [0], hostAccounts);
        Assert.Equal(expected, bench.Configuration(index, privilegeLevel));
        Assert.Equal(1ul, bench.Words.Exits);
    }

    private static void Both(ulong index, ulong expected)
    {
        Reads(ParavirtProfiles.V6, index, 0, expected);
        Reads(ParavirtProfiles.Final, index, 0, expected);
    }

    [Fact]
    public void C1_the_signature() => Both(0x4000_0000, Signature);

    [Fact]
    public void C2_features_of_V6() => Reads(ParavirtProfiles.V6, 0x4000_0004, 0, 2);

    [Fact]
    public void C3_features_with_run_delay_accounting() => Reads(ParavirtProfiles.Final, 0x4000_0004, 0, 0xE);

    [Fact]
    public void C4_features_without() => Reads(ParavirtProfiles.Final, 0x4000_0004, 0, 2, hostAccounts: false);

    [Fact]
    public void C5_V6_hides_the_signature_from_user_programs() => Reads(ParavirtProfiles.V6, 0x4000_0000, 3, 0);

    [Fact]
    public void C6_and_the_features() => Reads(ParavirtProfiles.V6, 0x4000_0004, 3, 0);

    [Fact]
    public void C7_level_0_alone_passes() => Reads(ParavirtProfiles.V6, 0x4000_0000, 1, 0);

    [Fact]
    public void C8_Linux_shows_it_to_everybody() => Reads(ParavirtProfiles.Final, 0x4000_0000, 3, Signature);

    [Fact]
    public void C9_the_stored_words_are_not_protected()
    {
        var bench = new PvBench(ParavirtProfiles.V6, [0]);
        bench.Words.Store(2, 0x1234_5678);
        Assert.Equal(0x1234_5678ul, bench.Configuration(2, 3));
    }

    [Fact]
    public void C10_between_signature_and_features_is_nothing() => Both(0x4000_0001, 0);

    [Fact]
    public void C11_nor_at_the_end_of_the_area() => Both(0x4000_00FF, 0);

    [Fact]
    public void C12_nor_behind_it() => Both(0x4000_0100, 0);

    [Fact]
    public void C13_nor_behind_the_stored_words() => Both(21, 0);

    [Fact]
    public void C14_the_upper_half_of_the_index_is_ignored() => Both(0xFFFF_FFFF_4000_0000, Signature);

    [Fact]
    public void C15_another_instruction_of_that_group_does_not_exist()
    {
        const ulong Pc = 0x20_0040;
        var bench = new PvBench(ParavirtProfiles.Final, [0]);
        var word = TrappedInstruction.OfConfiguration(4, 5) ^ (1u << 10);
        Assert.Equal(0u, word >> 24);
        Assert.False(bench.Words.TryEmulate(word, 0x4000_0000, 0, out _));
        Assert.Equal(0ul, bench.Words.Exits);
        var interrupts = bench.Cpus[0].Interrupts;
        interrupts.RaiseFault(ExceptionCodes.Ine, 0, Pc);
        Assert.Equal(Pc, interrupts.ReadCsr(Csr.Era));
        Assert.Equal((ulong)ExceptionCodes.Ine << 16, interrupts.ReadCsr(Csr.Estat));
    }

    [Fact]
    public void Instruction_words_are_the_architectures()
    {
        Assert.Equal(0x0000_6CA4u, TrappedInstruction.OfConfiguration(4, 5));
        Assert.Equal([0x002B_8000u, 0x002B_8100u, 0x002B_8101u, 0x002B_8102u, 0x002B_8103u], new[] { 0, 0x100, 0x101, 0x102, 0x103 }.Select(TrappedInstruction.OfHypercall));
        Assert.Equal(0x7FFF, TrappedInstruction.CodeOf(TrappedInstruction.OfHypercall(0x7FFF)));
    }

    [Fact]
    public void First_merged_offered_steal_time_and_no_preemption() => Reads(ParavirtProfiles.FirstMerged, 0x4000_0004, 3, 6);
}
