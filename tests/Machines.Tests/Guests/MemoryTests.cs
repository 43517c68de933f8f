using Xunit;

namespace Trapline.Machines.Tests.Guests;

/// <summary>Loads, stores and atomics: in the own per-CPU area, in another CPU's, and on the board.</summary>
public sealed class MemoryTests
{
    public static TheoryData<string> Places => new("la.percpu a0, place", "li t0, 1\nla.percpu a0, place, t0", "la a0, common");

    /// <summary>CPU 0 does all; CPU 1, whose area it may use, sleeps.</summary>
    private static void Pass(string place, string statements)
    {
        using var run = GuestRun.Passing($"""
            .percpu place, 64
            .shared common, 64
            start:
                cpu.index t0
                bnez t0, sleep
                {place}
                {statements}
                exit
            sleep:
                idle
                b    sleep
            """, vcpus: 2);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void Loads_extend_by_their_width(string place) => Pass(place, """
        li   t1, 0x8182838485868788
        st.d t1, [a0]
        ld.b t2, [a0]
        assert.eq t2, -0x78
        ld.bu t2, [a0 + 7]
        assert.eq t2, 0x81
        ld.h t2, [a0 + 2]
        assert.eq t2, 0x8586 - 0x10000
        ld.hu t2, [a0 + 2]
        assert.eq t2, 0x8586
        ld.w t2, [a0 + 4]
        assert.eq t2, 0x81828384 - 0x100000000
        ld.wu t2, [a0]
        assert.eq t2, 0x85868788
        ld.d t2, [a0]
        assert.eq t2, t1
        ld.d zero, [a0]
        assert.eq zero, 0
        """);

    [Theory]
    [MemberData(nameof(Places))]
    public void Stores_write_their_width_and_no_more(string place) => Pass(place, """
        li   t1, -1
        st.d t1, [a0 + 8]
        li   t1, 0x1122334455667788
        st.b t1, [a0 + 8]
        st.h t1, [a0 + 10]
        st.w t1, [a0 + 12]
        ld.d t2, [a0 + 8]
        assert.eq t2, 0x556677887788ff88
        st.d zero, [a0 + 8]
        ld.d t2, [a0 + 8]
        assert.eq t2, 0
        ld.d t2, [a0]
        assert.eq t2, 0
        """);

    [Theory]
    [MemberData(nameof(Places))]
    public void Atomics_return_the_old_value_and_store_the_new(string place) => Pass(place, """
        .macro ATOMIC name, operand, expected
            li   t1, 0b1100
            st.d t1, [a0]
            li   t1, \operand
            \name t2, t1, [a0]
            assert.eq t2, 0b1100, "\name: old"
            ld.d t2, [a0]
            assert.eq t2, \expected, "\name: new"
        .endm
        ATOMIC amswap.d, 0b1010, 0b1010
        ATOMIC amadd.d, -13, -1
        ATOMIC amand.d, 0b1010, 0b1000
        ATOMIC amor.d, 0b1010, 0b1110
        ATOMIC amxor.d, 0b1010, 0b0110
        ATOMIC amswap.w, 0x10000000a, 0b1010
        ATOMIC amadd.w, -13, 0xffffffff
        ATOMIC amor.w, -1, 0xffffffff

        # words: old values are extended with their sign, and the upper half stays
        li   t1, 0x1_8000_0000
        st.d t1, [a0]
        amadd.w t2, t1, [a0]
        assert.eq t2, -0x80000000
        ld.d t2, [a0]
        assert.eq t2, 0x1_0000_0000

        # compare and swap: only where memory holds what rd holds
        li   t1, 5
        st.d t1, [a0]
        li   t2, 4
        li   t3, 9
        amcas.d t2, t3, [a0]
        assert.eq t2, 5
        ld.d t4, [a0]
        assert.eq t4, 5
        amcas.d t2, t3, [a0]
        assert.eq t2, 5
        ld.d t4, [a0]
        assert.eq t4, 9
        li   t1, -2
        st.d t1, [a0]
        li   t2, 0x7fff_ffff_ffff_fffe
        amcas.w t2, t3, [a0]
        assert.eq t2, -2, "only the low word is compared"
        ld.wu t4, [a0]
        assert.eq t4, 9
        ld.wu t4, [a0 + 4]
        assert.eq t4, 0xffffffff
        """);

    [Fact]
    public void Remote_accesses_cost_what_the_profile_says_and_local_ones_an_instruction()
    {
        using var run = GuestRun.Passing("""
            .percpu place, 8
            .shared common, 8
            start:
                cpu.index t0
                bnez t0, sleep
                li   t1, 1
                la.percpu a0, place, t1
                la.percpu a1, place
                mark a
                ld.d t2, [common]
                mark b
                st.d t2, [a0]
                mark c
                amadd.d t2, t1, [a0]
                mark d
                ld.d t2, [a1]
                mark e
                fence
                mark f
                exit
            sleep:
                idle
                b    sleep
            """, vcpus: 2);
        // Each mark takes an instruction of its own, 500 ps.
        Assert.Equal([100_500, 100_500, 100_500, 1_000, 1_000],
            [run.Between(0, "a", "b"), run.Between(0, "b", "c"), run.Between(0, "c", "d"), run.Between(0, "d", "e"), run.Between(0, "e", "f")]);
    }

    [Fact]
    public void Atomics_of_many_cpus_on_one_word_lose_nothing()
    {
        using var run = GuestRun.Passing("""
            .shared total, 8
            .shared finished, 8
            start:
                li   s0, 100
                li   s1, 1
            .next:
                amadd.d zero, s1, [total]
                sub  s0, s0, 1
                bnez s0, .next
                amadd.d t0, s1, [finished]
                assert.ltu t0, 16
                li   t1, 15
                bne  t0, t1, .sleep
                ld.d t2, [total]
                assert.eq t2, 1600
                exit
            .sleep:
                idle
                b    .sleep
            """, vcpus: 16);
    }

    [Fact]
    public void Data_have_their_first_content_in_each_area()
    {
        using var run = GuestRun.Passing("""
            .percpu mine, word 7, 8
            .shared common, half 1, 2, 3
            start:
                cpu.index t0
                bnez t0, sleep
                li   t1, 1
                la.percpu a0, mine, t1
                ld.w t2, [a0 + 4]
                assert.eq t2, 8
                la   a0, common
                ld.h t2, [a0 + 4]
                assert.eq t2, 3
                exit
            sleep:
                idle
                b    sleep
            """, vcpus: 2);
    }
}
