using Xunit;

namespace Trapline.Machines.Tests.Guests.Drivers;

/// <summary>
/// The library does to a GICv3 and its ITS what Linux does: each sequence is run, and its accesses are those of a recorded guest,
/// register by register, with every value that was written or read.
/// </summary>
public sealed class ArmDriverSequenceTests
{
    private const string Folder = "gicv3-its";

    /// <summary>The recordings' machines have four CPUs; CPU 1 does what is looked at.</summary>
    private const string Library = """
        .include "exception.inc.guest"
        .include "hotplug.inc.guest"
        EXCEPTION_HANDLER on_ipi, exception_unexpected, generic_handle_irq
        on_ipi:
            ret
        .shared told, 8
        .shared device, 8
        """;

    private const string BootOthers = """
            li   s1, 1
        .boot:
            move a0, s1
            la   a1, secondary
            call cpu_up
            add  s1, s1, 1
            sltu t0, s1, 4
            bnez t0, .boot
        """;

    private const string Sleep = """
        .sleep:
            INTERRUPTS_OFF
            IDLE
            b    .sleep
        """;

    private const string Boot = $"""
        {Library}
        start:
            STACK_INIT
            call boot_cpu_init
        {BootOthers}
            exit
        secondary:
            STACK_INIT
            call secondary_start_kernel
        {Sleep}
        """;

    [Fact]
    public void The_first_cpu_sets_up_its_gic_and_its_ITS_as_recorded()
    {
        var found = ArmAccessLog.Of(Boot, 4, out _);
        var recorded = Taken("smp4", 0, "R 0 dist 0xffe8", "W 0 redist0 0x10100 4 0x8000000");
        Assert.True(recorded.Count > 400, "the mark of the recording is at another place");
        AssertSame(recorded, found.Where(line => line.StartsWith("W 0", StringComparison.Ordinal) || line.StartsWith("R 0", StringComparison.Ordinal)));
    }

    [Fact]
    public void Each_other_cpu_does_as_recorded()
    {
        var found = ArmAccessLog.Of(Boot, 4, out _);
        foreach (var cpu in Enumerable.Range(1, 3))
        {
            var recorded = Taken("smp4", cpu, $"R {cpu} redist0 0xffe8", $"W {cpu} redist{cpu} 0x10100 4 0x40");
            AssertSame(recorded, Of(cpu, found));
        }
    }

    [Fact]
    public void The_commands_of_the_start_are_those_recorded()
    {
        ArmAccessLog.Of(Boot, 4, out var commands);
        var recorded = Recording.File("smp4", Folder).Where(line => line.StartsWith("C ", StringComparison.Ordinal)).Take(16).ToList();
        Assert.Equal(recorded, commands);
    }

    /// <summary>Device 0x20 with one event: mapped, let out, shut, discarded, unmapped.</summary>
    [Fact]
    public void A_message_comes_and_goes_as_recorded()
    {
        var found = ArmAccessLog.Of($"""
            {Library}
            start:
                STACK_INIT
                call boot_cpu_init
            {BootOthers}
                ld.d t0, [told]
                bnez t0, .done
                wait.d t0, [told], zero
            .done:
                exit
            secondary:
                STACK_INIT
                call secondary_start_kernel
                cpu.index t0
                li   t1, 1
                bne  t0, t1, .sleep
                work 1ms                  # until all are there
                {ArmAccessLog.Begin}
                li   a0, 0x20
                li   a1, 1
                call its_create_device
                st.d a0, [device]
                li   a1, 0
                li   a2, 0
                call its_map_event
                ld.d a0, [device]
                li   a1, 0
                call its_unmask_event
                ld.d a0, [device]
                li   a1, 0
                call its_mask_event
                ld.d a0, [device]
                li   a1, 0
                call its_unmap_event
                ld.d a0, [device]
                call its_free_device
                li   t0, 1
                st.d t0, [told]
            {Sleep}
            """, 4, out var commands);
        var lines = Recording.File("aff4", Folder);
        AssertSame(Taken("aff4", 1, "R 1 its 0x90 4 0x200", "R 1 its 0x90 4 0x340"), Of(1, found));
        var recorded = lines.Where(line => line.StartsWith("C ", StringComparison.Ordinal)).Skip(16).Take(10).ToList();
        Assert.Equal(recorded.Select(WithoutTable), commands.Skip(16).Select(WithoutTable));
    }

    /// <summary>Event 0 of device 0x20 from the first CPU to the last, by CPU 2 there and by CPU 0 here: the SYNC is for the CPU from which it moves.</summary>
    [Fact]
    public void A_message_is_moved_as_recorded()
    {
        var found = ArmAccessLog.Of($"""
            {Library}
            start:
                STACK_INIT
                call boot_cpu_init
            {BootOthers}
                li   a0, 0x20
                li   a1, 1
                call its_create_device
                st.d a0, [device]
                li   a1, 0
                li   a2, 0
                call its_map_event
                {ArmAccessLog.Begin}
                ld.d a0, [device]
                li   a1, 0
                li   a2, 3
                call its_set_affinity
                exit
            secondary:
                STACK_INIT
                call secondary_start_kernel
            {Sleep}
            """, 4, out var commands);
        var lines = Recording.File("aff4", Folder);
        var at = lines.IndexOf("C 0100000020000000000000000000000003000000000000000000000000000000 0xd20");
        Assert.Equal(lines[at..(at + 2)].Select(WithoutTable), commands[^2..].Select(WithoutTable));
        var accesses = Of(2, lines[(at - 3)..(at + 4)]).Select(line => $"{line[0]} 0{line[3..]}").ToList();
        Assert.Equal(5, accesses.Count);
        AssertSame(accesses, found);
    }

    /// <summary>INTID 39, asked for and routed on the first CPU.</summary>
    [Fact]
    public void A_wire_is_asked_for_as_recorded()
    {
        var found = ArmAccessLog.Of($"""
            {Library}
            start:
                STACK_INIT
                call boot_cpu_init
                {ArmAccessLog.Begin}
                li   a0, 39
                la   a1, on_ipi
                li   a2, 0
                li   a3, 0
                call irq_request_spi
                exit
            """, 4, out _);
        AssertSame([.. Recording.File("smp4", Folder).SkipWhile(line => line != "R 0 dist 0xc08 4 0x0").Where(line => line[0] is 'R' or 'W').Take(7)], found);
    }

    /// <summary>The recorded CPU has a performance monitor too, INTID 23.</summary>
    [Fact]
    public void A_cpu_goes_off_and_comes_back_as_recorded()
    {
        var found = ArmAccessLog.Of($"""
            {Library}
            .shared back, 8
            start:
                STACK_INIT
                call boot_cpu_init
            {BootOthers}
                {ArmAccessLog.Begin}
                li   t0, 1
                st.d t0, [told]
                li   a0, 1
                call cpu_kill
                li   a0, 1
                la   a1, secondary
                call cpu_up
                exit
            secondary:
                STACK_INIT
                call secondary_start_kernel
                cpu.index t0
                li   t1, 1
                bne  t0, t1, .sleep
                ld.d t0, [back]
                bnez t0, .sleep
                li   t0, 1
                st.d t0, [back]
                wait.d t0, [told], zero
                call cpu_disable
                b    cpu_die
            {Sleep}
            """, 4, out _);
        var lines = Recording.File("aff4", Folder).Where(line => line[0] is 'R' or 'W' or 'K').ToList();
        var off = lines.IndexOf("K 1 off");
        var first = lines.FindLastIndex(off, line => line == "W 1 redist1 0x10180 4 0x1");
        var going = lines[first..off].Where(line => line.StartsWith("W 1 redist1", StringComparison.Ordinal) || line.StartsWith("R 1 redist1", StringComparison.Ordinal)).ToList();
        going.RemoveRange(going.IndexOf("W 1 redist1 0x10180 4 0x800000"), 2);

        var coming = lines.Skip(off).Where(line => line.StartsWith("W 1 ", StringComparison.Ordinal) || line.StartsWith("R 1 ", StringComparison.Ordinal))
            .Where(line => !line.Contains("SGI1R", StringComparison.Ordinal)).ToList();
        coming.RemoveRange(coming.IndexOf("W 1 redist1 0x10100 4 0x800000") - 1, 2);
        coming.RemoveRange(coming.IndexOf("W 1 redist1 0x10100 4 0x40") + 1, coming.Count - coming.IndexOf("W 1 redist1 0x10100 4 0x40") - 1);
        AssertSame([.. going, .. coming], Of(1, found));
    }

    /// <summary>The accesses of a CPU from one line on to another one, both of them included.</summary>
    private static List<string> Taken(string name, int cpu, string from, string to)
    {
        var own = Of(cpu, Recording.File(name, Folder)).Where(line => !line.Contains("SGI1R", StringComparison.Ordinal)).ToList();
        var first = own.FindIndex(line => line.StartsWith(from, StringComparison.Ordinal));
        var last = own.FindIndex(first, line => line.StartsWith(to, StringComparison.Ordinal));
        return own[first..(last + 1)];
    }

    private static List<string> Of(int cpu, IEnumerable<string> lines) =>
        [.. lines.Where(line => line.StartsWith($"W {cpu} ", StringComparison.Ordinal) || line.StartsWith($"R {cpu} ", StringComparison.Ordinal))];

    private static void AssertSame(List<string> recorded, IEnumerable<string> found) =>
        Assert.Equal(ArmAccessLog.Normal(recorded), ArmAccessLog.Normal(found));

    /// <summary>A command without its third double word, where MAPD has the address of its table, and without its place.</summary>
    private static string WithoutTable(string command) => command[..36] + (command.StartsWith("C 08", StringComparison.Ordinal) ? "" : command[36..66]);
}
