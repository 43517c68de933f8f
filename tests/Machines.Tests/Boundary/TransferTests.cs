using Trapline.Actors.Devices;
using Trapline.Actors.Kernel;
using Trapline.Devices.Common;
using Trapline.Machines.Boards;
using Trapline.Messages;
using Xunit;

namespace Trapline.Machines.Tests.Boundary;

/// <summary>Devices that come to rest and go on, are taken out and set into fresh ones, and are destroyed and made anew.</summary>
public sealed class TransferTests
{
    /// <summary>Gives every device something to keep; then reads what would be read at rest.</summary>
    private const string Busy = """
        start:
            cpu.index a0
            bnez a0, asleep
            li   a0, 0x1000
            li   a1, -1
            iocsr.write.w a1, [a0 + 4]
            iocsr.write.w a1, [a0 + 32]
            li   a0, 0x1600
            iocsr.write.w a1, [a0 + 8]
            li   a0, 0x10000020
            li   a1, 0x1234
            mmio.write.w a1, [a0]
            li   a0, 0x1FE001E0
            li   a1, 3
            mmio.write.b a1, [a0 + 1]
            li   a1, 7
            mmio.write.b a1, [a0 + 2]
            li   a1, 'x'
            mmio.write.b a1, [a0]
            mmio.write.b a1, [a0]
            li   a1, 30000
            mmio.write.d a1, [a0 + 0x48]
            li   a1, 1000
            mmio.write.d a1, [a0 + 0x40]
            li   a0, 0x100D0100
            li   a1, 0x2100
            mmio.write.w a1, [a0 + 0x40]
            li   a1, 40000
            mmio.write.w a1, [a0 + 0x64]
            li   a1, 40050
            mmio.write.w a1, [a0 + 0x6C]
            li   a0, 0x40020000
            li   a1, 21000
            mmio.write.d a1, [a0 + 8]
            li   a1, 1
            mmio.write.d a1, [a0]
            li   a0, 0x40003000
            li   a1, 0x2FF00000
            mmio.write.d a1, [a0]
            li   a1, 70
            mmio.write.d a1, [a0 + 8]
            li   a0, 0x40000000
            li   a1, 17000
            mmio.write.d a1, [a0 + 8]
            li   a1, 1
            mmio.write.d a1, [a0]
        asleep:
            idle
            b asleep
        """;

    private static readonly MachineSettings User = new() { Irqchip = Irqchip.User, BigLock = BigLock.Off };
    private static readonly MachineSettings Locked = new() { Irqchip = Irqchip.User };
    private static readonly string[] Other = ["waiting", "expired", "granted", "serving", "transfer", "exists", "pch_pic_", "raised", "coalesced", "handled", "withdrawn", "masked", "hidden", "fates", "sentToNobody", "access", "origin", "lineOpen", "lineCaller", "lineOrigin", "lineRest", "level", "CPUID"];

    public static TheoryData<ActorRole, bool> Sections => new()
    {
        { ActorRole.Uart, false }, { ActorRole.Rtc, false }, { ActorRole.MsiDevice, false }, { ActorRole.LevelDevice, false },
        { ActorRole.Uart, true }, { ActorRole.Rtc, true }, { ActorRole.MsiDevice, true }, { ActorRole.LevelDevice, true },
        { ActorRole.Eiointc, true }, { ActorRole.PchPic, true }, { ActorRole.PchMsi, true }, { ActorRole.Misc, true }, { ActorRole.Ipi, true },
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void At_rest_no_timer_fires_and_afterwards_each_has_what_was_left(bool locked)
    {
        using var bench = new BoundaryBench(Busy, locked ? Locked : null, isMigratable: true);
        var device = On(ActorRole.MsiDevice);
        var other = On(ActorRole.LevelDevice);
        Settle(bench);
        AssertRests(bench, device);
        AssertRests(bench, other);
        var left = Row(bench, device, "transfer.held[0].left");
        Assert.InRange(left, 1UL, 17_000_000UL);
        var (sent, raised) = (Row(bench, device, "queue[0].raised"), Row(bench, other, "raised"));
        for (var i = 0; i < 10; i++)
        {
            bench.Wait();
        }

        Assert.Equal((sent, raised), (Row(bench, device, "queue[0].raised"), Row(bench, other, "raised")));
        Assert.Equal(left, Row(bench, device, "transfer.held[0].left"));
        AssertRests(bench, device);

        Assert.Empty(bench.Post(device, MessageKind.Rest));
        var due = Row(bench, device, "timer[1].due");
        Assert.Equal(sent, Row(bench, device, "queue[0].raised") - (due > Now(bench) + left ? 1UL : 0));
        bench.Wait();
        bench.Wait();
        Assert.True(Row(bench, device, "queue[0].raised") > sent);
        Assert.Equal(raised, Row(bench, other, "raised"));
    }

    [Fact]
    public void What_is_asked_of_a_device_at_rest_is_answered_and_its_timers_wait()
    {
        using var bench = new BoundaryBench(isMigratable: true);
        var device = On(ActorRole.LevelDevice);
        AssertRests(bench, device);
        bench.Post(device, MessageKind.MmioWrite, 0x4002_0008, 8, 1_000);
        Assert.Equal(MessageKind.AccessAnswer, Assert.Single(bench.Post(device, MessageKind.MmioWrite, 0x4002_0000, 8, 1)).Kind);
        bench.Wait();
        Assert.Equal(0UL, Row(bench, device, "raised"));
        Assert.Equal(1_000_000UL, Row(bench, device, "transfer.held[0].left"));
        bench.Post(device, MessageKind.Rest);
        Assert.True(Row(bench, device, "raised") > 3);
    }

    /// <summary>The clock's alarms are at a date, which comes whether the VM runs or not.</summary>
    [Fact]
    public void An_alarm_of_the_clock_comes_at_its_date()
    {
        using var bench = new BoundaryBench(Busy, isMigratable: true);
        Settle(bench);
        var rtc = On(ActorRole.Rtc);
        var due = Row(bench, rtc, "timer[4].due");
        AssertRests(bench, rtc);
        Assert.Equal(due, Row(bench, rtc, "transfer.held[3].left"));
        for (var i = 0; i < 20; i++)
        {
            bench.Wait();
        }

        bench.Post(rtc, MessageKind.Rest);
        Assert.Equal(due, Row(bench, rtc, "timer[4].due"));
        AssertRests(bench, rtc);
        while (Now(bench) < due)
        {
            bench.Wait();
        }

        // At once, and told to the kernel.
        var handled = Row(bench, rtc, "handled");
        bench.Post(rtc, MessageKind.Rest);
        Assert.Equal((ulong)long.MaxValue, Row(bench, rtc, "timer[4].due"));
        Assert.InRange(Row(bench, rtc, "handled") - handled, 3UL, 5UL);
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void A_section_that_is_set_into_a_fresh_device_makes_it_the_same(ActorRole role, bool user)
    {
        using var bench = new BoundaryBench(Busy, user ? User : null, isMigratable: true);
        Settle(bench);
        Silence(bench);
        var device = On(role);
        AssertRests(bench, device);
        var section = bench.Post(device, MessageKind.SectionGet);
        var model = bench.Rows(device, Other);
        var held = Held(bench, device);
        Assert.Equal(section, bench.Post(device, MessageKind.SectionGet), (a, b) => (a.Word0, a.Word1, a.Word2, a.Word3) == (b.Word0, b.Word1, b.Word2, b.Word3));
        Remake(bench, device);
        if (role is not (ActorRole.PchMsi or ActorRole.Misc))
        {
            Assert.NotEqual(model, bench.Rows(device, Other));
        }

        Assert.Equal(0L, Load(bench, device, section));
        Assert.Equal(model, bench.Rows(device, Other));
        Assert.Equal(held, Held(bench, device));
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void A_section_that_does_not_fit_changes_nothing(ActorRole role, bool user)
    {
        using var bench = new BoundaryBench(Busy, user ? User : null, isMigratable: true);
        Settle(bench);
        Silence(bench);
        var device = On(role);
        AssertRests(bench, device);
        var section = bench.Post(device, MessageKind.SectionGet);
        Remake(bench, device);
        var fresh = bench.Rows(device, "serving", "waiting");

        // One row too many.
        var longer = section.SkipLast(1).ToList();
        var last = section[^1];
        var count = (last.Word0 >> 32) & 0xFF;
        if (count < SectionInput.RowsPerMessage)
        {
            last.Word0 += 1UL << 32;
            longer.Add(last);
        }
        else
        {
            last.Word0 &= ~(1UL << 63);
            longer.AddRange([last, last with { Word0 = (last.Word0 & uint.MaxValue) + 3 | (1UL << 32) | (1UL << 63) }]);
        }

        Assert.Equal(Errno.InvalidArgument, Load(bench, device, longer));
        Assert.Equal(fresh, bench.Rows(device, "serving", "waiting"));
        if (section.Count > 1)
        {
            // The first rows without the others, and the others without the first.
            Assert.Equal(Errno.InvalidArgument, Load(bench, device, [section[0] with { Word0 = section[0].Word0 | (1UL << 63) }]));
            Assert.Equal(Errno.InvalidArgument, Load(bench, device, [.. section.Skip(1)]));
            Assert.Equal(fresh, bench.Rows(device, "serving", "waiting"));
        }

        Assert.Equal(0L, Load(bench, device, section));
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void A_device_that_was_destroyed_and_made_anew_is_fresh(ActorRole role, bool user)
    {
        using var untouched = new BoundaryBench(settings: user ? User : null, isMigratable: true);
        using var bench = new BoundaryBench(Busy, user ? User : null, isMigratable: true);
        Settle(bench);
        Silence(bench);
        Remake(bench, On(role));
        string[] statistics = role == ActorRole.LevelDevice ? [] : ["raised", "coalesced", "handled", "withdrawn", "masked"];
        string[] without = ["serving", "hidden", "fates", "sentToNobody", "access", "origin", "lineOpen", "lineCaller", "lineOrigin", "lineRest", "pch_pic_", .. statistics];
        Assert.Equal(untouched.Rows(On(role), without), bench.Rows(On(role), without));
        Assert.All(bench.Rows(On(role)).Where(row => row.Key.StartsWith("transfer.held", StringComparison.Ordinal)), row => Assert.Equal((ulong)long.MaxValue, row.Value));
    }

    [Theory]
    [InlineData(ActorRole.MsiDevice, MessageKind.MmioRead)]
    [InlineData(ActorRole.Uart, MessageKind.MmioRead)]
    [InlineData(ActorRole.Rtc, MessageKind.MmioWrite)]
    [InlineData(ActorRole.Eiointc, MessageKind.IocsrRead)]
    [InlineData(ActorRole.PchPic, MessageKind.MmioRead)]
    [InlineData(ActorRole.Ipi, MessageKind.IocsrRead)]
    [InlineData(ActorRole.Misc, MessageKind.IocsrRead)]
    public void A_device_that_is_gone_answers_and_does_nothing(ActorRole role, MessageKind access)
    {
        using var bench = new BoundaryBench(Busy, User, isMigratable: true);
        Settle(bench);
        Assert.Empty(bench.Post(On(role), MessageKind.Life));
        var before = bench.Rows(On(role), "serving", "access", "origin", "waiting", "transfer");
        var answer = Assert.Single(bench.Post(On(role), access, role == ActorRole.PchPic ? 0x1000_0000UL : 0, 4, 1));
        Assert.Equal((MessageKind.AccessAnswer, 0UL), (answer.Kind, answer.Word0));
        Assert.Equal(before, bench.Rows(On(role), "serving", "access", "origin", "waiting", "transfer"));
    }

    [Fact]
    public void An_eventfd_that_is_polled_comes_to_rest_when_it_was_read()
    {
        using var bench = new BoundaryBench(settings: User, isMigratable: true);
        var eventfd = new ActorAddress(0, ActorRole.Eventfd, 5);
        AssertRests(bench, eventfd);
        bench.WriteEventfd(5);
        AssertRests(bench, eventfd);
        Assert.Equal(0UL, Row(bench, eventfd, "count"));
    }

    [Fact]
    public void A_device_of_the_kernel_comes_to_rest_too()
    {
        using var bench = new BoundaryBench(Busy, isMigratable: true);
        Settle(bench);
        foreach (var role in new[] { ActorRole.Eiointc, ActorRole.PchPic, ActorRole.Ipi, ActorRole.Eventfd, ActorRole.PchMsi, ActorRole.Misc })
        {
            AssertRests(bench, On(role));
        }
    }

    [Fact]
    public void A_section_of_a_device_that_works_is_a_mistake_of_who_asks()
    {
        using var bench = new BoundaryBench(Busy, isMigratable: true);
        var failure = Assert.Throws<SimulationException>(() => bench.Post(On(ActorRole.Uart), MessageKind.SectionGet));
        Assert.Contains("send Rest first", failure.Message, StringComparison.Ordinal);
    }

    private static ActorAddress On(ActorRole role) => new(0, role, 0);

    private static ulong Now(BoundaryBench bench) => (ulong)bench.Run.Engine.Groups.Max(group => group.Now.Picoseconds);

    private static void Settle(BoundaryBench bench)
    {
        for (var i = 0; i < 10; i++)
        {
            bench.Wait();
        }
    }

    private static void Silence(BoundaryBench bench)
    {
        foreach (var role in new[] { ActorRole.Uart, ActorRole.Rtc, ActorRole.MsiDevice, ActorRole.LevelDevice })
        {
            AssertRests(bench, On(role));
        }
    }

    private static void AssertRests(BoundaryBench bench, ActorAddress device) =>
        Assert.Equal(MessageKind.AtRest, Assert.Single(bench.Post(device, MessageKind.Rest, 1)).Kind);

    private static void Remake(BoundaryBench bench, ActorAddress device)
    {
        Assert.Empty(bench.Post(device, MessageKind.Life));
        Assert.Empty(bench.Post(device, MessageKind.Life, 1));
    }

    private static long Load(BoundaryBench bench, ActorAddress device, IReadOnlyList<Message> section)
    {
        var answers = section.SelectMany(rows => bench.Post(device, MessageKind.SectionRows, rows.Word0, rows.Word1, rows.Word2, rows.Word3)).ToArray();
        var answer = Assert.Single(answers);
        Assert.Equal(MessageKind.SectionLoaded, answer.Kind);
        return (long)answer.Word0;
    }

    private static ulong[] Held(BoundaryBench bench, ActorAddress device) =>
        [.. bench.Rows(device).Where(row => row.Key.StartsWith("transfer.held", StringComparison.Ordinal)).Select(row => row.Value)];

    private static ulong Row(BoundaryBench bench, ActorAddress device, string name) => bench.AllRows(device).Single(row => row.Key == name).Value;
}
