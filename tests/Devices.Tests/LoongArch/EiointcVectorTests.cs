using Trapline.Devices.Common;

namespace Trapline.Devices.Tests.LoongArch;

/// <summary>The numbered vectors of EIOINTC, under each profile that they hold for. C0 and C1 have cpuid 0 and 1.</summary>
public sealed class EiointcVectorTests
{
    private const ulong NodeType = 0x14A0;
    private const ulong IpMap = 0x14C0;
    private const ulong Enable = 0x1600;
    private const ulong Bounce = 0x1680;
    private const ulong CoreStatus = 0x1800;
    private const ulong CoreMap = 0x1C00;
    private const ulong Features = 0x40000000;
    private const ulong Config = 0x40000004;

    [Theory]
    [MemberData(nameof(ProfileNames.All), MemberType = typeof(ProfileNames))]
    public void E1_an_input_raises_its_line_until_it_is_acknowledged(string profile)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, IpMap, 2);
        bench.Write4(0, Enable, 0x20);
        bench.Write4(0, CoreMap + 4, 0x0100);
        bench.In(5, 1);
        Assert.Equal(0x20u, bench.Read4(0, CoreStatus));
        Assert.Equal("{HWI1}", bench.Lines(0));
        bench.Write4(0, CoreStatus, 0x20);
        Assert.Equal(0u, bench.Read4(0, CoreStatus));
        Assert.Equal("{}", bench.Lines(0));
    }

    [Theory]
    [MemberData(nameof(ProfileNames.All), MemberType = typeof(ProfileNames))]
    public void E2_IPMAP_names_a_line_by_its_lowest_bit(string profile)
    {
        (uint Value, int Line)[] expected =
            [(0x00, 0), (0x01, 0), (0x02, 1), (0x04, 2), (0x08, 3), (0x0C, 2), (0x03, 0), (0x10, 0), (0x80, 0), (0xFF, 0)];
        foreach (var (value, line) in expected)
        {
            var bench = MachineBench.WithIds(profile);
            bench.Write4(0, IpMap, value);
            bench.Write4(0, Enable, 1);
            bench.In(0, 1);
            Assert.Equal($"{{HWI{line}}}", bench.Lines(0));
        }
    }

    [Theory]
    [MemberData(nameof(ProfileNames.All), MemberType = typeof(ProfileNames))]
    public void E3_a_disabled_vector_waits_in_its_latch(string profile)
    {
        var bench = RaisedWhileDisabled(profile);
        Assert.Equal((0x20u, "{HWI0}"), (bench.Read4(0, CoreStatus), bench.Lines(0)));
    }

    [Theory]
    [MemberData(nameof(ProfileNames.All), MemberType = typeof(ProfileNames))]
    public void E4_disabling_hides_a_pending_vector_and_enabling_brings_it_back(string profile)
    {
        var bench = RaisedWhileDisabled(profile);
        bench.Write4(0, Enable, 0);
        Assert.Equal((0u, "{}"), (bench.Read4(0, CoreStatus), bench.Lines(0)));
        bench.Write4(0, Enable, 0x20);
        Assert.Equal((0x20u, "{HWI0}"), (bench.Read4(0, CoreStatus), bench.Lines(0)));
    }

    [Theory]
    [MemberData(nameof(ProfileNames.All), MemberType = typeof(ProfileNames))]
    public void E5_a_line_drops_with_the_last_of_its_vectors(string profile)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, Enable, 0x18);
        bench.In(3, 1);
        bench.In(4, 1);
        Assert.Equal("{HWI0}", bench.Lines(0));
        bench.Write4(0, CoreStatus, 0x08);
        Assert.Equal("{HWI0}", bench.Lines(0));
        bench.Write4(0, CoreStatus, 0x10);
        Assert.Equal("{}", bench.Lines(0));
    }

    [Theory]
    [MemberData(nameof(ProfileNames.All), MemberType = typeof(ProfileNames))]
    public void E6_groups_of_32_vectors_have_lines_of_their_own(string profile)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, IpMap, 0x0201);
        bench.Write4(0, Enable, 1 << 3);
        bench.Write4(0, Enable + 4, 1 << 8);
        bench.In(3, 1);
        bench.In(40, 1);
        Assert.Equal("{HWI0,HWI1}", bench.Lines(0));
        Assert.Equal(0x0000010000000008ul, bench.Read8(0, CoreStatus));
    }

    [Theory]
    [MemberData(nameof(ProfileNames.All), MemberType = typeof(ProfileNames))]
    public void E7_a_falling_input_takes_its_pending_bit_back(string profile)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, Enable, 0x80);
        bench.In(7, 1);
        bench.In(7, 0);
        Assert.Equal((0u, "{}"), (bench.Read4(0, CoreStatus), bench.Lines(0)));
    }

    [Theory]
    [MemberData(nameof(ProfileNames.All), MemberType = typeof(ProfileNames))]
    public void E8_the_latch_survives_an_acknowledge_and_fires_when_enabled_again(string profile)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, Enable, 0x200);
        bench.In(9, 1);
        bench.Write4(0, CoreStatus, 0x200);
        Assert.Equal((0u, "{}"), (bench.Read4(0, CoreStatus), bench.Lines(0)));
        bench.Write4(0, Enable, 0);
        bench.Write4(0, Enable, 0x200);
        Assert.Equal((0x200u, "{HWI0}"), (bench.Read4(0, CoreStatus), bench.Lines(0)));
    }

    [Theory]
    [MemberData(nameof(ProfileNames.All), MemberType = typeof(ProfileNames))]
    public void E9_COREMAP_moves_a_pending_vector(string profile)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, Enable, 0x100);
        bench.Write4(0, CoreMap + 8, 0x01010101);
        bench.In(8, 1);
        bench.Write4(0, CoreMap + 8, 0x01010102);
        Assert.Equal((0u, "{}"), (bench.Read4(0, CoreStatus), bench.Lines(0)));
        Assert.Equal((0x100u, "{HWI0}"), (bench.Read4(1, CoreStatus), bench.Lines(1)));
    }

    [Theory]
    [InlineData("kvm")]
    [InlineData("kvm-6.18")]
    [InlineData("kvm-6.16")]
    [InlineData("kvm-6.13")]
    [InlineData("qemu-11")]
    public void E10_each_vector_moves_by_its_own_input(string profile)
    {
        var bench = MovedBesideAnIdleFirstVector(profile);
        Assert.Equal((0u, "{}"), (bench.Read4(0, CoreStatus), bench.Lines(0)));
        Assert.Equal((0x200u, "{HWI0}"), (bench.Read4(1, CoreStatus), bench.Lines(1)));
    }

    [Fact]
    public void E10_qemu72_asks_the_first_vector_of_the_word_and_leaves_the_old_line_stuck()
    {
        var bench = MovedBesideAnIdleFirstVector("qemu-7.2");
        Assert.Equal((0x200u, "{HWI0}"), (bench.Read4(0, CoreStatus), bench.Lines(0)));
        Assert.Equal((0u, "{}"), (bench.Read4(1, CoreStatus), bench.Lines(1)));
        bench.Write4(0, CoreStatus, 0x200);
        Assert.Equal((0u, "{HWI0}"), (bench.Read4(0, CoreStatus), bench.Lines(0)));
    }

    [Theory]
    [MemberData(nameof(ProfileNames.All), MemberType = typeof(ProfileNames))]
    public void E11_moving_an_acknowledged_vector_fires_it_spuriously(string profile)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, Enable, 0x100);
        bench.Write4(0, CoreMap + 8, 0x01010101);
        bench.In(8, 1);
        bench.Write4(0, CoreStatus, 0x100);
        bench.Write4(0, CoreMap + 8, 0x01010102);
        Assert.Equal((0u, "{}"), (bench.Read4(0, CoreStatus), bench.Lines(0)));
        Assert.Equal((0x100u, "{HWI0}"), (bench.Read4(1, CoreStatus), bench.Lines(1)));
    }

    [Theory]
    [InlineData("kvm", 0)]
    [InlineData("qemu-11", 0)]
    [InlineData("qemu-7.2", 0)]
    [InlineData("kvm-6.18", 3)]
    [InlineData("kvm-6.16", 3)]
    [InlineData("kvm-6.13", -1)]
    public void E12_COREMAP_names_a_cpu_by_its_lowest_bit(string profile, int routeOfEmptyByte)
    {
        (uint Value, int Cpu)[] expected =
        [
            (0x00, routeOfEmptyByte), (0x01, 0), (0x02, 1), (0x03, 0), (0x04, 2), (0x08, 3), (0x0C, 2), (0x10, 0), (0xF0, 0), (0x12, 1),
        ];
        foreach (var (value, cpu) in expected)
        {
            var bench = MachineBench.WithIds(profile, cpus: 4);
            bench.Write4(0, CoreMap + 8, cpu == 3 && value != 0 ? 0x01010101u : 0x08080808u);
            bench.Write4(0, CoreMap + 8, 0x01010100 | value);
            bench.Write4(0, Enable, 0x100);
            bench.In(8, 1);
            Assert.Equal(cpu, bench.Eiointc.RouteOf(8));
            for (var other = 0; other < 4; other++)
            {
                Assert.Equal(other == cpu ? "{HWI0}" : "{}", bench.Lines(other));
            }
        }
    }

    [Theory]
    [InlineData("kvm", 0)]
    [InlineData("kvm-6.18", 0)]
    [InlineData("kvm-6.16", 0)]
    [InlineData("kvm-6.13", -1)]
    [InlineData("qemu-11", 0)]
    [InlineData("qemu-7.2", -1)]
    public void E13_a_COREMAP_byte_of_an_absent_cpu_is_stored_and_keeps_the_route_or_loses_it(string profile, int cpu)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, Enable, 0x100);
        bench.Write4(0, CoreMap + 8, 0x04);
        bench.In(8, 1);
        Assert.Equal(0x04u, bench.Read4(0, CoreMap + 8));
        Assert.Equal(cpu == 0 ? "{HWI0}" : "{}", bench.Lines(0));
        Assert.Equal("{}", bench.Lines(1));
        Assert.Equal(cpu == 0 ? 0x100u : 0, bench.Pending(0));
    }

    [Theory]
    [MemberData(nameof(ProfileNames.Kvm), MemberType = typeof(ProfileNames))]
    [InlineData("qemu-11")]
    public void E14_with_CPU_ENCODE_a_COREMAP_byte_is_a_number(string profile)
    {
        var bench = MachineBench.WithIds(profile, features: 0xF);
        bench.Write4(0, Config, 8);
        WriteByte(bench, CoreMap + 5, 1);
        bench.Write4(0, Enable, 0x20);
        bench.In(5, 1);
        Assert.Equal(8u, bench.Read4(0, Config));
        Assert.Equal((0x20u, "{HWI0}"), (bench.Read4(1, CoreStatus), bench.Lines(1)));
    }

    [Theory]
    [InlineData("kvm", "{HWI3}")]
    [InlineData("kvm-6.18", "{HWI3}")]
    [InlineData("kvm-6.16", "{HWI3}")]
    [InlineData("kvm-6.13", "{HWI3}")]
    [InlineData("qemu-11", "{HWI0}")]
    [InlineData("qemu-7.2", "{HWI0}")]
    public void E15_with_INT_ENCODE_an_IPMAP_byte_is_a_number_but_not_to_qemu(string profile, string lines)
    {
        var bench = MachineBench.WithIds(profile, features: 0xF);
        bench.Write4(0, Config, 4);
        bench.Write4(0, IpMap, 3);
        bench.Write4(0, Enable, 1);
        bench.In(0, 1);
        Assert.Equal(lines, bench.Lines(0));
        Assert.Equal(profile == "qemu-7.2" ? 0u : 4u, bench.Read4(0, Config));
    }

    [Theory]
    [InlineData("kvm", AccessOutcome.Done)]
    [InlineData("kvm-6.18", AccessOutcome.UserSpace)]
    [InlineData("kvm-6.16", AccessOutcome.UserSpace)]
    [InlineData("kvm-6.13", AccessOutcome.UserSpace)]
    [InlineData("qemu-11", AccessOutcome.Done)]
    public void E16_encodings_are_chosen_before_ENABLE_and_zero_resets_all(string profile, AccessOutcome rejected)
    {
        var bench = MachineBench.WithIds(profile, features: 0xF);
        bench.Write4(0, Config, 2);
        Assert.Equal((2u, AccessOutcome.Done), (bench.Read4(0, Config), bench.Outcome));
        bench.Write4(0, Config, 0xA);
        Assert.Equal(rejected, bench.Outcome);
        Assert.Equal(2u, bench.Read4(0, Config));
        bench.Write4(0, Config, 0);
        Assert.Equal(0u, bench.Read4(0, Config));
        bench.Write4(0, Config, 0xC);
        Assert.Equal((0xCu, AccessOutcome.Done), (bench.Read4(0, Config), bench.Outcome));
    }

    [Theory]
    [MemberData(nameof(ProfileNames.Kvm), MemberType = typeof(ProfileNames))]
    [InlineData("qemu-11")]
    public void E17_CONFIG_takes_only_what_FEATURES_offers(string profile)
    {
        var bench = MachineBench.WithIds(profile, features: 0xB);
        bench.Write4(0, Config, 0xF);
        Assert.Equal(0xBu, bench.Read4(0, Config));
        Assert.Equal(0xBu, bench.Read4(0, Features));
    }

    [Theory]
    [InlineData("kvm", AccessOutcome.Done)]
    [InlineData("kvm-6.18", AccessOutcome.UserSpace)]
    [InlineData("kvm-6.16", AccessOutcome.UserSpace)]
    [InlineData("kvm-6.13", AccessOutcome.UserSpace)]
    public void E18_without_the_extension_kvm_reads_as_enabled_from_the_start(string profile, AccessOutcome rejected)
    {
        var bench = MachineBench.WithIds(profile, features: 0);
        Assert.Equal(2u, bench.Read4(0, Config));
        bench.Write4(0, Config, 4);
        Assert.Equal(rejected, bench.Outcome);
        Assert.Equal(2u, bench.Read4(0, Config));
        bench.Write4(0, Config, 0);
        Assert.Equal((0u, AccessOutcome.Done), (bench.Read4(0, Config), bench.Outcome));
    }

    [Theory]
    [InlineData("qemu-11")]
    [InlineData("qemu-7.2")]
    public void E18_without_the_extension_qemu_has_no_window(string profile)
    {
        var bench = MachineBench.WithIds(profile, features: 0);
        Assert.Equal(0u, bench.Read4(0, Config));
        bench.Write4(0, Config, 4);
        Assert.Equal((0u, AccessOutcome.Done), (bench.Read4(0, Config), bench.Outcome));
    }

    [Theory]
    [InlineData("kvm", AccessOutcome.Done)]
    [InlineData("kvm-6.18", AccessOutcome.UserSpace)]
    [InlineData("kvm-6.16", AccessOutcome.UserSpace)]
    [InlineData("kvm-6.13", AccessOutcome.UserSpace)]
    [InlineData("qemu-11", AccessOutcome.Done)]
    public void E19_FEATURES_cannot_be_written(string profile, AccessOutcome rejected)
    {
        var bench = MachineBench.WithIds(profile, features: 0xB);
        bench.Write4(0, Features, 0);
        Assert.Equal(rejected, bench.Outcome);
        Assert.Equal(0xBu, bench.Read4(0, Features));
    }

    [Theory]
    [MemberData(nameof(ProfileNames.Kvm), MemberType = typeof(ProfileNames))]
    public void E20_kvm_takes_one_and_two_bytes(string profile)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write(0, Enable + 1, 1, 0x01);
        bench.In(8, 1);
        Assert.Equal(0x100u, bench.Read4(0, Enable));
        Assert.Equal(0x100ul, bench.Read(0, CoreStatus, 2));
        Assert.Equal(1ul, bench.Read(0, CoreStatus + 1, 1));
    }

    [Theory]
    [InlineData("qemu-11")]
    [InlineData("qemu-7.2")]
    public void E20_qemu_drops_one_and_two_bytes(string profile)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write(0, Enable + 1, 1, 0x01);
        Assert.Equal(AccessOutcome.Done, bench.Outcome);
        bench.In(8, 1);
        Assert.Equal(0u, bench.Read4(0, Enable));
        bench.Write4(0, Enable, 0x100);
        Assert.Equal(0ul, bench.Read(0, CoreStatus, 2));
        Assert.Equal(0ul, bench.Read(0, CoreStatus + 1, 1));
    }

    [Theory]
    [MemberData(nameof(ProfileNames.All), MemberType = typeof(ProfileNames))]
    public void E21_eight_bytes_of_ENABLE_are_64_vectors(string profile)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write8(0, Enable, 0x8000000000000001);
        bench.In(63, 1);
        Assert.Equal(0x80000000u, bench.Read4(0, Enable + 4));
        Assert.Equal(1ul << 63, bench.Read8(0, CoreStatus));
        Assert.Equal("{HWI0}", bench.Lines(0));
    }

    [Theory]
    [MemberData(nameof(ProfileNames.All), MemberType = typeof(ProfileNames))]
    public void E22_eight_bytes_of_COREISR_are_read_and_cleared_at_once(string profile)
    {
        var bench = MachineBench.WithIds(profile);
        EnableAll(bench);
        bench.In(0, 1);
        bench.In(33, 1);
        Assert.Equal(0x0000000200000001ul, bench.Read8(0, CoreStatus));
        bench.Write8(0, CoreStatus, ulong.MaxValue);
        Assert.Equal((0ul, "{}"), (bench.Read8(0, CoreStatus), bench.Lines(0)));
    }

    [Theory]
    [InlineData("kvm", AccessOutcome.Done, 0)]
    [InlineData("kvm-6.18", AccessOutcome.UserSpace, 0)]
    [InlineData("kvm-6.16", AccessOutcome.UserSpace, 0)]
    [InlineData("kvm-6.13", AccessOutcome.Done, 0x12345678)]
    [InlineData("qemu-11", AccessOutcome.Done, 0)]
    [InlineData("qemu-7.2", AccessOutcome.Done, 0)]
    public void E23_a_misaligned_read_is_rejected_or_rounded_down(string profile, AccessOutcome outcome, uint value)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, Enable, 0x12345678);
        Assert.Equal(value, bench.Read4(0, Enable + 2));
        Assert.Equal(outcome, bench.Outcome);
    }

    [Theory]
    [InlineData("kvm", AccessOutcome.Done)]
    [InlineData("kvm-6.18", AccessOutcome.UserSpace)]
    [InlineData("kvm-6.16", AccessOutcome.UserSpace)]
    [InlineData("kvm-6.13", AccessOutcome.UserSpace)]
    [InlineData("qemu-11", AccessOutcome.Done)]
    [InlineData("qemu-7.2", AccessOutcome.Done)]
    public void E24_the_input_latch_is_not_the_guests(string profile, AccessOutcome outcome)
    {
        var bench = MachineBench.WithIds(profile);
        bench.In(5, 1);
        Assert.Equal(0u, bench.Read4(0, 0x1700));
        Assert.Equal(outcome, bench.Outcome);
        bench.Write4(0, 0x1700, 0);
        Assert.Equal(outcome, bench.Outcome);
        bench.Write4(0, Enable, 0x20);
        Assert.Equal(0x20u, bench.Read4(0, CoreStatus));
    }

    [Theory]
    [MemberData(nameof(ProfileNames.All), MemberType = typeof(ProfileNames))]
    public void E25_a_cpu_acknowledges_in_its_own_row_alone(string profile)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, Enable, 4);
        bench.In(2, 1);
        bench.Write4(1, CoreStatus, 4);
        Assert.Equal((4u, "{HWI0}"), (bench.Read4(0, CoreStatus), bench.Lines(0)));
        Assert.Equal((0u, "{}"), (bench.Read4(1, CoreStatus), bench.Lines(1)));
    }

    [Theory]
    [MemberData(nameof(ProfileNames.All), MemberType = typeof(ProfileNames))]
    public void E26_NODETYPE_and_BOUNCE_are_stored_and_do_nothing(string profile)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, NodeType, 0x00020001);
        bench.Write4(0, NodeType + 28, 0x80004000);
        bench.Write4(0, Bounce, 0xFFFFFFFF);
        Assert.Equal(0x00020001u, bench.Read4(0, NodeType));
        Assert.Equal(0x80004000u, bench.Read4(0, NodeType + 28));
        Assert.Equal(0xFFFFFFFFu, bench.Read4(0, Bounce));
        bench.In(1, 1);
        Assert.Equal((0u, "{}"), (bench.Read4(0, CoreStatus), bench.Lines(0)));
    }

    [Theory]
    [MemberData(nameof(ProfileNames.All), MemberType = typeof(ProfileNames))]
    public void E27_IPMAP_changed_under_a_pending_vector_leaves_the_old_line_stuck(string profile)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, IpMap, 1);
        bench.Write4(0, Enable, 4);
        bench.In(2, 1);
        bench.Write4(0, IpMap, 2);
        bench.In(2, 0);
        Assert.Equal((0u, "{HWI0}"), (bench.Read4(0, CoreStatus), bench.Lines(0)));
    }

    [Theory]
    [MemberData(nameof(ProfileNames.All), MemberType = typeof(ProfileNames))]
    public void E28_an_affinity_change_fires_an_acknowledged_message_spuriously(string profile)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, Enable + 8, 0xFFFFFFFF);
        bench.Write4(0, CoreMap + 0x40, 1);
        bench.In(64, 1);
        bench.Write4(0, CoreStatus + 8, 1);
        bench.Write4(0, Enable + 8, 0xFFFFFFFE);
        bench.Write4(0, CoreMap + 0x40, 0x01010102);
        Assert.Equal((0u, "{}"), (bench.Pending(1, 2), bench.Lines(1)));
        bench.Write4(0, Enable + 8, 0xFFFFFFFF);
        Assert.Equal((1u, "{HWI0}"), (bench.Pending(1, 2), bench.Lines(1)));
        Assert.Equal((0u, "{}"), (bench.Pending(0, 2), bench.Lines(0)));
    }

    [Theory]
    [MemberData(nameof(ProfileNames.All), MemberType = typeof(ProfileNames))]
    public void E29_a_disabled_vector_moves_silently_and_appears_where_it_is_then(string profile)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, CoreMap + 8, 0x01010101);
        bench.In(8, 1);
        bench.Write4(0, CoreMap + 8, 0x01010102);
        Assert.Equal(("{}", "{}"), (bench.Lines(0), bench.Lines(1)));
        bench.Write4(0, Enable, 0x100);
        Assert.Equal(("{}", "{HWI0}"), (bench.Lines(0), bench.Lines(1)));
    }

    [Theory]
    [MemberData(nameof(ProfileNames.All), MemberType = typeof(ProfileNames))]
    public void E30_two_raises_before_one_acknowledge_are_one(string profile)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, Enable, 0x400);
        bench.In(10, 1);
        bench.In(10, 1);
        bench.Write4(0, CoreStatus, 0x400);
        Assert.Equal((0u, "{}"), (bench.Read4(0, CoreStatus), bench.Lines(0)));
        Assert.Equal(
            [
                new DeviceReport(ReportKind.Raised, 10, 0),
                new DeviceReport(ReportKind.Coalesced, 10, 0),
                new DeviceReport(ReportKind.Acknowledged, 10, 0),
            ],
            bench.EiointcHost.Reports);
    }

    [Theory]
    [MemberData(nameof(ProfileNames.All), MemberType = typeof(ProfileNames))]
    public void E31_an_acknowledge_of_nothing_drives_nothing(string profile)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, Enable, 0x18);
        bench.In(3, 1);
        bench.EiointcHost.Log.Clear();
        bench.Write4(0, CoreStatus, 0x10);
        Assert.Equal((8u, "{HWI0}"), (bench.Read4(0, CoreStatus), bench.Lines(0)));
        Assert.Empty(bench.EiointcHost.Log);
    }

    [Theory]
    [MemberData(nameof(ProfileNames.All), MemberType = typeof(ProfileNames))]
    public void E32_a_second_message_needs_no_low_between(string profile)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, Enable, 0x800);
        bench.In(11, 1);
        bench.Write4(0, CoreStatus, 0x800);
        bench.In(11, 1);
        Assert.Equal((0x800u, "{HWI0}"), (bench.Read4(0, CoreStatus), bench.Lines(0)));
    }

    [Theory]
    [MemberData(nameof(ProfileNames.All), MemberType = typeof(ProfileNames))]
    public void I14_any_send_writes_one_byte_of_COREMAP(string profile)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, CoreMap + 8, 0x04030101);
        bench.Write8(1, 0x1158, 0x0000020068001C08);
        Assert.Equal(0x04030201u, bench.Read4(0, CoreMap + 8));
    }

    [Theory]
    [InlineData("kvm")]
    [InlineData("kvm-6.18")]
    [InlineData("kvm-6.16")]
    [InlineData("kvm-6.13")]
    [InlineData("qemu-11")]
    public void I15_any_send_acknowledges_at_its_target(string profile)
    {
        var bench = PendingAtCpu1(profile);
        bench.Write8(0, 0x1158, 0x0000002000011800);
        Assert.Equal((0u, "{}"), (bench.Read4(1, CoreStatus), bench.Lines(1)));
    }

    [Fact]
    public void I15_to_qemu72_any_send_acknowledges_at_cpu_0()
    {
        var bench = PendingAtCpu1("qemu-7.2");
        bench.Write4(0, Enable, 0x120);
        bench.In(8, 1);
        Assert.Equal((0x100u, "{HWI0}"), (bench.Read4(0, CoreStatus), bench.Lines(0)));
        bench.Write8(0, 0x1158, 0x0000012000011800);
        Assert.Equal((0x20u, "{HWI0}"), (bench.Read4(1, CoreStatus), bench.Lines(1)));
        Assert.Equal((0u, "{}"), (bench.Read4(0, CoreStatus), bench.Lines(0)));
        Assert.Equal(0, bench.EiointcHost.Reports.Last(report => report.Kind == ReportKind.NestedAccess).Line);
    }

    [Theory]
    [MemberData(nameof(ProfileNames.All), MemberType = typeof(ProfileNames))]
    public void S2_the_classic_handler_costs_four_reads_and_a_write(string profile)
    {
        var bench = PendingAtCpu1(profile);
        var before = (bench.Eiointc.ReadExits(1), bench.Eiointc.WriteExits(1));
        for (var word = 0ul; word < 4; word++)
        {
            var pending = bench.Read8(1, CoreStatus + (word * 8));
            if (pending != 0)
            {
                bench.Write8(1, CoreStatus + (word * 8), pending);
            }
        }

        Assert.Equal("{}", bench.Lines(1));
        Assert.Equal((before.Item1 + 4, before.Item2 + 1), (bench.Eiointc.ReadExits(1), bench.Eiointc.WriteExits(1)));
        Assert.Equal(0ul, bench.Eiointc.ReadExits(0));
    }

    [Fact]
    public void S3_what_is_counted_and_what_is_not()
    {
        var bench = MachineBench.WithIds();
        bench.Read4(0, Features);
        bench.Write4(0, Config, 0);
        bench.Read4(0, Enable + 2);
        bench.Write4(0, Enable + 2, 0);
        Assert.Equal((0ul, 0ul), (bench.Eiointc.ReadExits(0), bench.Eiointc.WriteExits(0)));
        bench.Read4(0, 0x1700);
        bench.Write4(0, 0x1700, 0);
        Assert.Equal((1ul, 1ul), (bench.Eiointc.ReadExits(0), bench.Eiointc.WriteExits(0)));
        bench.Write8(0, 0x1158, 0x0000020068011C08);
        Assert.Equal((1ul, 1ul), (bench.Eiointc.ReadExits(0), bench.Eiointc.WriteExits(0)));
        Assert.Equal((1ul, 1ul), (bench.Eiointc.ReadExits(1), bench.Eiointc.WriteExits(1)));
        Assert.Equal((1ul, 0ul), (bench.Cpus[0].Ipi.WriteExits, bench.Cpus[1].Ipi.WriteExits));
    }

    private static MachineBench RaisedWhileDisabled(string profile)
    {
        var bench = MachineBench.WithIds(profile);
        bench.In(5, 1);
        Assert.Equal((0u, "{}"), (bench.Read4(0, CoreStatus), bench.Lines(0)));
        Assert.Equal([new DeviceReport(ReportKind.Masked, 5, 0)], bench.EiointcHost.Reports);
        bench.Write4(0, Enable, 0x20);
        return bench;
    }

    private static MachineBench MovedBesideAnIdleFirstVector(string profile)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, Enable, 0x200);
        bench.Write4(0, CoreMap + 8, 0x01010101);
        bench.In(9, 1);
        bench.Write4(0, CoreMap + 8, 0x01010201);
        return bench;
    }

    private static MachineBench PendingAtCpu1(string profile)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, Enable, 0x20);
        bench.Write4(0, CoreMap + 4, 0x0200);
        bench.In(5, 1);
        Assert.Equal((0x20u, "{HWI0}"), (bench.Read4(1, CoreStatus), bench.Lines(1)));
        return bench;
    }

    private static void EnableAll(MachineBench bench)
    {
        for (var word = 0ul; word < 8; word++)
        {
            bench.Write4(0, Enable + (word * 4), 0xFFFFFFFF);
        }
    }

    /// <summary>One byte as KVM takes it; to QEMU the whole word around it, the rest 0.</summary>
    private static void WriteByte(MachineBench bench, ulong address, byte value)
    {
        if (bench.Profile.NarrowIocsrAccessDropped)
        {
            bench.Write4(0, address & ~3ul, (uint)value << (int)(address % 4 * 8));
        }
        else
        {
            bench.Write(0, address, 1, value);
        }
    }
}
