using System.Text.RegularExpressions;
using Xunit;

namespace Trapline.Machines.Tests.Guests.Drivers;

/// <summary>
/// The library does to the controllers what Linux does: each sequence is run, and its accesses are those of a recorded guest,
/// register by register, with every value that was written or read.
/// </summary>
public sealed partial class DriverSequenceTests
{
    private const string Library = """
        .include "exception.inc.guest"
        .include "hotplug.inc.guest"
        .include "uart.inc.guest"
        .include "devices.inc.guest"
        EXCEPTION_HANDLER on_ipi, exception_unexpected, eiointc_dispatch
        on_ipi:
            PUSH ra
            call ipi_read_clear
            POP ra
            ret
        .shared turn, 8
        .macro TURN number            # waits until it is this CPU's turn
        .wait\@:
            ld.d t0, [turn]
            li   t1, \number
            beq  t0, t1, .now\@
            wait.d t0, [turn], t0
            b    .wait\@
        .now\@:
        .endm
        .macro NEXT_TURN
            li   t0, 1
            amadd.d zero, t0, [turn]
        .endm
        """;

    /// <summary>Pin 7 as in the recorded machine, whose button has vector 0; then the UART has vector 1.</summary>
    private const string Button = """
            li   a0, 7
            li   a1, 0
            li   a2, IRQ_TYPE_EDGE_RISING
            li   a3, 0
            call irq_request_pin
        """;

    [Fact]
    public void Eiointc_is_initialised_as_recorded()
    {
        var found = AccessLog.Of(Library + "\nstart: call eiointc_init\n exit", 1);
        Assert.Equal(92, found.Count);
        Assert.Equal(Recording.Of("b-smp4-work", 0, found.Count, "R 0 iocsr 0x420"), found);
    }

    [Fact]
    public void Each_node_of_four_cpus_initialises_it_again_as_recorded()
    {
        var found = AccessLog.Of($"""
            {Library}
            start:
                cpu.index t0
                li   t1, 4
                bne  t0, t1, .sleep
                call eiointc_init
                {AccessLog.Begin}
                call eiointc_router_init
                exit
            .sleep:
                idle
            """, 5);
        Assert.Equal(92, found.Count);
        Assert.Equal(Recording.Of("c-smp16-work", 4, found.Count, "R 4 iocsr 0x420"), found);
    }

    [Fact]
    public void Pch_pic_is_initialised_as_recorded_with_its_writes_beyond_the_last_pin()
    {
        var found = AccessLog.Of(Library + "\nstart: call pch_pic_init\n exit", 1);
        Assert.Equal(1 + 128 + 10, found.Count);
        Assert.Equal(Recording.Of("b-smp4-work", 0, found.Count, "R 0 mem 0x10000004"), found);
    }

    [Fact]
    public void A_message_is_served_as_recorded()
    {
        var found = AccessLog.Of($"""
            {Library}
            start:
                call exception_init
                call cpu_set_online
                call eiointc_init
                li   a0, 0
                li   a1, 0
                call msi_queue_request
                {AccessLog.Begin}
                li   a0, 0
                li   a1, 0
                li   a2, 1
                call msi_queue_start
                IDLE
                exit
            """, 1, ("msi_base_vector", "0x44"));
        Assert.Equal(Recording.Of("e-smp4-msix", 0, 10, "M 0x2ff00000 4 0x44", "R 0 iocsr 0x1800"), found);
    }

    [Fact]
    public void A_level_interrupt_is_served_as_recorded()
    {
        var found = AccessLog.Of($"""
            {Library}
            handle_uart:
                mmio.write.b zero, [UART_IER]
                ret
            start:
                call exception_init
                call cpu_set_online
                call eiointc_init
                call pch_pic_init
                {Button}
                li   a0, UART_PIN
                la   a1, handle_uart
                li   a2, IRQ_TYPE_LEVEL_HIGH
                li   a3, 0
                call irq_request_pin
                {AccessLog.Begin}
                li   t0, UART_IER_THRI
                mmio.write.b t0, [UART_IER]
                IDLE
                exit
            """, 1);

        // The second one: in the first the driver is only finding out whether there is an interrupt.
        Assert.Equal(Recording.Of("e-smp4-msix", 0, 16, "W 3 mem 0x10000020 4 0xffffff7b", "W 3 mem 0x10000020 4 0xffffff7b", "L pic 2 1", "R 0 iocsr 0x1800"), found);
    }

    /// <summary>The recorded one is pin 7, here it is the UART's pin 2: a pin's bit differs, its registers do not.</summary>
    [Fact]
    public void An_edge_interrupt_is_acknowledged_as_recorded_and_not_masked()
    {
        var found = AccessLog.Of($"""
            {Library}
            handle_uart:
                mmio.write.b zero, [UART_IER]
                ret
            start:
                call exception_init
                call cpu_set_online
                call eiointc_init
                call pch_pic_init
                li   a0, UART_PIN
                la   a1, handle_uart
                li   a2, IRQ_TYPE_EDGE_RISING
                li   a3, 0
                call irq_request_pin
                {AccessLog.Begin}
                li   t0, UART_IER_THRI
                mmio.write.b t0, [UART_IER]
                IDLE
                exit
            """, 1);
        var recorded = Recording.Of("f-smp4-uart-rtc", 3, 2, "L pic 7 1", "R 3 iocsr 0x1800 4 0x3", "R 3 mem 0x10000060")
            .Select(line => line.Replace(" 3 mem", " 0 mem", StringComparison.Ordinal).Replace(" 0x80", " 0x4", StringComparison.Ordinal));
        Assert.Equal(recorded, found.Where(line => line.Contains(" mem ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_driver_that_asks_for_a_pin_sets_its_type_unmasks_it_and_routes_it_as_recorded()
    {
        var found = AccessLog.Of($"""
            {Library}
            start:
                call cpu_set_online
                cpu.index t0
                beqz t0, .first
                li   t1, 3
                bne  t0, t1, .sleep
                TURN 1
                {AccessLog.Begin}
                li   a0, 2
                li   a1, 0
                li   a2, IRQ_TYPE_LEVEL_HIGH
                li   a3, 0
                call irq_request_pin
                exit
            .first:
                li   a0, 4
                call cpus_wait_online
                call eiointc_init
                call pch_pic_init
                {Button}
                NEXT_TURN
            .sleep:
                idle
            """, 4);
        Assert.Equal("W 3 mem 0x10000202 1 0x1", found[0]);
        Assert.Contains("W 2 mem 0x10000202 1 0x1", Recording.Of("f-smp4-uart-rtc", 2, 40, "W 2 mem 0x10000202"));
        Assert.Equal(Recording.Of("e-smp4-msix", 3, 13, "R 3 mem 0x10000060 4 0x80"), found[1..]);
    }

    [Fact]
    public void The_affinity_is_changed_as_recorded_with_one_any_send_for_each_cpu()
    {
        var found = Affinity(vcpus: 4, mover: 3, target: 3);
        // The third move is the one to CPU 3.
        Assert.Equal(Recording.Of("f-smp4-uart-rtc", 3, 6, "W 3 iocsr 0x1158 8 0xfffffffe80001600", "W 3 iocsr 0x1158 8 0xfffffffe80001600", "W 3 iocsr 0x1158 8 0xfffffffe80001600"), found);
    }

    /// <summary>The recorded kernel had its CPUs from the device tree, in which they are in descending order.</summary>
    [Fact]
    public void The_affinity_is_told_to_each_node_as_recorded()
    {
        var found = Affinity(vcpus: 16, mover: 5, target: 0);
        var recorded = Recording.Of("c-smp16-work", 5, 18, "W 5 iocsr 0x1158 8 0xfffffffe80001600");
        Assert.Equal(recorded[0], found[0]);
        Assert.Equal(recorded[^1], found[^1]);
        Assert.Equal(recorded[1..^1].Order(StringComparer.Ordinal), found[1..^1].Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_cpu_that_was_off_comes_back_as_recorded(int cpu)
    {
        var found = AccessLog.Of($"""
            {Library}
            start:
                cpu.index t0
                bnez t0, secondary_boot
                call exception_init
                call ipi_init
                call cpu_set_online
                call eiointc_init
                li   a0, 1
                la   a1, start_secondary
                call cpu_up
                TURN 1
                li   a0, 1
                call cpu_die
                work 10us
                {AccessLog.Begin}
                li   a0, 1
                la   a1, start_secondary
                call cpu_up
                TURN 2
                exit
            start_secondary:
                STACK_INIT
                call exception_init
                call ipi_init
                call eiointc_router_init
                call cpu_up_complete
                INTERRUPTS_OFF
                NEXT_TURN
                call cpu_disable
                b    cpu_play_dead
            """, 2).Where(line => line[2..].StartsWith($"{cpu} ", StringComparison.Ordinal));

        // First the mailbox is cleared, then the CPU boots, then it comes back.
        const string Mail = "W 0 iocsr 0x1048 8 0x80010004";
        var recorded = cpu == 0
            ? Recording.Of("g-smp4-ipi", 0, 5, Mail, Mail, Mail)
            : Recording.Of("g-smp4-ipi", 1, 9, Mail, Mail, Mail, "R 1 iocsr 0x1000");
        Assert.Equal(recorded.Select(WithoutEntry), found.Select(WithoutEntry));
    }

    /// <summary>What is written by MAIL_SEND into the low half of CPU 1's first mailbox, and what CPU 1 finds there.</summary>
    [GeneratedRegex("(?<=^W 0 iocsr 0x1048 8 )0x[0-9a-f]+(?=80010000$)|(?<=^R 1 iocsr 0x1020 4 )0x[1-9a-f][0-9a-f]*$")]
    private static partial Regex Entry { get; }

    /// <summary>Vector 0 is moved to a CPU.</summary>
    private static List<string> Affinity(int vcpus, int mover, int target) => AccessLog.Of($"""
        {Library}
        start:
            call cpu_set_online
            cpu.index t0
            li   t1, {mover}
            bne  t0, t1, .sleep
            li   a0, vcpus
            call cpus_wait_online
            call eiointc_init
            {AccessLog.Begin}
            li   a0, 0
            li   a1, {target}
            call irq_set_affinity
            exit
        .sleep:
            idle
        """, vcpus);

    /// <summary>The address at which a CPU starts is the kernel's own.</summary>
    private static string WithoutEntry(string line) => Entry.Replace(line, "the entry");
}
