using System.Text.Json.Nodes;
using Trapline.Actors.Migration;
using Trapline.Devices.Common.Transfer;
using Trapline.Machines.Boards;
using Trapline.Machines.Scenarios;
using Trapline.Machines.Scenarios.Migrations;
using Trapline.Messages;
using Xunit;

namespace Trapline.Machines.Tests.Scenarios;

/// <summary>The keys <c>migrations</c> and <c>machine.link</c>: what becomes of right values, and what is said of wrong ones.</summary>
public sealed class MigrationKeyTests : IDisposable
{
    private readonly ScenarioFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_the_key_there_is_no_second_host_and_an_empty_list_is_one()
    {
        Assert.Null(Variants("seed: 7")[0].Migrations);
        Assert.Equal([], Variants("migrations: []")[0].Migrations!);
    }

    [Fact]
    public void An_entry_with_a_time_alone_has_the_defaults_of_the_plan()
    {
        var migration = Assert.Single(Variants("migrations: [{at: 1ms}]")[0].Migrations!);

        Assert.Equal(new MigrationPlan { At = new(VirtualTime.PerMillisecond) } with { TransferFaults = migration.TransferFaults }, migration);
        Assert.Empty(migration.TransferFaults);
        Assert.Equal(LinkSection.DefaultLatency, Variants("migrations: []")[0].LinkLatency);
        Assert.Equal(LinkSection.DefaultBandwidth.BytesPerSecond, migration.Bandwidth);
    }

    [Fact]
    public void The_schema_names_the_defaults_of_the_plan()
    {
        var plan = new MigrationPlan { At = new(1) };
        var schema = JsonNode.Parse(ScenarioSchema.Generate())!["properties"]!;
        var (entry, link) = (schema["migrations"]!["items"]!["properties"]!, schema["machine"]!["properties"]!["link"]!["properties"]!);

        Assert.Equal(
            ($"{plan.DowntimeLimit}", plan.MaximumRounds, MigrationRules.WordOf(plan.NotConverging), $"{plan.StepTimeout}"),
            (Default(entry["downtimeLimit"]!), (int)entry["maxRounds"]!["default"]!, Default(entry["notConverging"]!), Default(entry["stepTimeout"]!)));
        Assert.Equal(($"{LinkSection.DefaultLatency}", $"{LinkSection.DefaultBandwidth}"), (Default(link["latency"]!), Default(link["bandwidth"]!)));

        static string Default(JsonNode node) => (string)node["default"]!;
    }

    [Fact]
    public void Every_key_of_an_entry_arrives()
    {
        var migrations = Variants("""
            migrations:
              - at: 1ms
                downtimeLimit: 20us
                maxRounds: 5
                notConverging: cancel
                stepTimeout: 2ms
                cancelAt: 3ms
                fail: {side: link, step: handover}
                tamper:
                  - {fault: alter, group: vcpu-control, item: 7, byte: 3, bits: 0x81}
                  - {fault: omit, group: eiointc-load-finished}
              - {at: 2ms}
            """)[0].Migrations!;

        Assert.Equal(2, migrations.Count);
        var first = migrations[0];
        Assert.Equal((VirtualTime.FromNanoseconds(20_000), 5, Convergence.Cancel), (first.DowntimeLimit, first.MaximumRounds, first.NotConverging));
        Assert.Equal((VirtualTime.FromNanoseconds(2_000_000), VirtualTime.FromNanoseconds(3_000_000)), (first.StepTimeout, first.CancelAt!.Value));
        Assert.Equal(new MigrationFailure(MigrationSide.Link, MigrationStep.Handover), first.Failure);
        Assert.Equal(
            [new TransferFault(TransferFaultKind.Alter, StateGroup.VcpuControl, 7, 3, 0x81), new TransferFault(TransferFaultKind.Omit, StateGroup.EiointcLoadFinished)],
            first.TransferFaults);
    }

    [Fact]
    public void The_link_is_the_machines_and_its_bandwidth_comes_into_every_plan()
    {
        var variants = Variants("migrations: [{at: 1ms}, {at: 2ms}]", "  profile: kvm", "  profile: kvm\n  link: {latency: 3us, bandwidth: 1Gbit/s}");

        Assert.All(variants, variant => Assert.Equal(VirtualTime.FromNanoseconds(3_000), variant.LinkLatency));
        Assert.All(variants.SelectMany(variant => variant.Migrations!), migration => Assert.Equal(125_000_000, migration.Bandwidth));
    }

    [Fact]
    public void A_choice_of_the_matrix_has_its_own_link_and_its_own_migrations()
    {
        var variants = Variants("migrations: [{at: 1ms}]", "pattern: {one-to-all: 0, all-to-all: 1}", """
            state:
                whole: {}
                slow: {link: {bandwidth: 1GB/s}}
                without: {migrations: [{at: 2ms, tamper: [{fault: omit, group: eiointc-core-isr}]}]}
            """).Where(variant => variant.Vcpus == 2).ToList();

        Assert.Equal([1L, 1, 2], variants.Select(variant => variant.Migrations![0].At.Picoseconds / VirtualTime.PerMillisecond));
        Assert.Equal([1_250_000_000L, 1_000_000_000, 1_250_000_000], variants.Select(variant => variant.Migrations![0].Bandwidth));
        Assert.Equal([0, 0, 1], variants.Select(variant => variant.Migrations![0].TransferFaults.Count));
        Assert.Equal(["vcpus=2 state=whole", "vcpus=2 state=slow", "vcpus=2 state=without"], variants.Select(variant => variant.Name));
    }

    [Fact]
    public void Every_group_of_state_has_a_word_and_user_space_has_those_of_vcpus_devices_and_memory()
    {
        Assert.Equal(Enum.GetValues<StateGroup>().Length - 1, MigrationRules.Groups.Count);
        Assert.All(Enum.GetValues<StateGroup>().Skip(1), group => Assert.Equal(group, MigrationRules.ValueOf<StateGroup>(MigrationRules.WordOf(group))));
        Assert.Equal(["counter", "vcpu-registers", "vcpu-control", "vcpu-timer", "vcpu-steal-time", "devices", "memory"], MigrationRules.GroupsOf(Board.LoongArchVirt, Irqchip.User));
    }

    [Theory]
    [InlineData("10Gbit/s", 1_250_000_000, "10Gbit/s")]
    [InlineData("1.25GB/s", 1_250_000_000, "10Gbit/s")]
    [InlineData("8 bit/s", 1, "8bit/s")]
    [InlineData("100MiB/s", 104_857_600, "838.8608Mbit/s")]
    [InlineData("1TB/s", 1_000_000_000_000, "8Tbit/s")]
    [InlineData("0.000000001GB/s", 1, "8bit/s")]
    public void A_bandwidth_is_a_whole_number_of_bytes(string text, long bytes, string printed)
    {
        Assert.True(LinkRate.TryParse(text, out var rate, out _));
        Assert.Equal((bytes, printed), (rate.BytesPerSecond, rate.ToString()));
    }

    [Theory]
    [InlineData("migrations: x", "4:13: error: migrations must be a list of migrations, each after a dash, or [] for a second host alone; not 'x'")]
    [InlineData("migrations: [x]", "4:14: error: migrations[0] must be a mapping of keys to values, not 'x'; its keys are at, downtimeLimit, maxRounds, notConverging, stepTimeout, cancelAt, fail, tamper")]
    [InlineData("migrations: [{}]", "4:14: error: the key 'at' is missing in migrations[0]; add it")]
    [InlineData("migrations: [{at: 0ns}]", "4:19: error: migrations[0].at must be at least 1ps, not '0ns'")]
    [InlineData("migrations: [{at: 100ms}]", "4:19: error: migrations[0].at is 100ms, but length.until is 100ms; begin it earlier or let the run last longer")]
    [InlineData("migrations: [{at: 2ms}, {at: 2ms}]", "4:30: error: migrations[1].at is 2ms, but the entry before begins at 2ms; each must begin later than the one before")]
    [InlineData("migrations: [{at: 2ms, cancelAt: 1ms}]", "4:34: error: migrations[0].cancelAt is 1ms, but the migration begins at 2ms; name a later time")]
    [InlineData("migrations: [{at: 2ms, maxRounds: 0}]", "4:35: error: migrations[0].maxRounds must be from 1 to 1023, not '0'")]
    [InlineData("migrations: [{at: 2ms, notConverging: forse}]", "4:39: error: migrations[0].notConverging must be one of cancel, force, not 'forse'; did you mean 'force'?")]
    [InlineData("migrations: [{at: 2ms, fail: {side: link}}]", "4:30: error: the key 'step' is missing in migrations[0].fail; add it")]
    [InlineData("migrations: [{at: 2ms, fail: {side: link, step: done}}]", "4:49: error: migrations[0].fail.step must be one of setup, precopy, stop, save, transfer, load, handover, resume, not 'done'")]
    [InlineData("migrations: [{at: 2ms, tamper: omit}]", "4:32: error: migrations[0].tamper must be a list such as [{fault: omit, group: eiointc-core-isr}], not 'omit'")]
    [InlineData("migrations: [{at: 2ms, tamper: [{fault: omit, group: eiointc-coreisr}]}]", "not 'eiointc-coreisr'; did you mean 'eiointc-core-isr'?")]
    [InlineData("migrations: [{at: 2ms, tamper: [{fault: alter, group: vcpu-timer}]}]", "4:33: error: alter needs 'item': which value of the group, from 0")]
    [InlineData("migrations: [{at: 2ms, tamper: [{fault: omit, group: vcpu-timer, byte: 1}]}]", "4:66: error: 'byte' is for alter; omit is of the whole group: remove it")]
    [InlineData("migrations: [{at: 2ms, tamper: [{fault: stale, group: irqfds}]}]", "4:41: error: migrations[0].tamper[0].fault is stale, but irqfds is a control step and has no values; use omit, first or last")]
    [InlineData("migrations: [{at: 2ms, tamper: [{fault: first, group: memory}]}]", "4:41: error: migrations[0].tamper[0].fault is first, but memory is pages, which are no values")]
    [InlineData("migrations: [{at: 2ms, tamper: [{fault: stale, group: devices}]}]", "4:41: error: migrations[0].tamper[0].fault is stale, but devices is the VMM's own, which nobody reads before the stop")]
    [InlineData("migrations: [{at: 2ms, tamper: [{fault: alter, group: irqfds, item: 0}]}]", "4:41: error: migrations[0].tamper[0].fault is alter, but irqfds is a control step")]
    [InlineData("migrations: [{at: 2ms, tamper: [{fault: alter, group: vcpu-timer, item: 0, bits: 256}]}]", "4:82: error: migrations[0].tamper[0].bits must be from 1 to 255, not '256'")]
    [InlineData("migrations: [{at: 2ms, tamper: [{fault: first, group: routing}, {fault: last, group: routing}]}]", "4:65: error: migrations[0].tamper[1]: last of routing comes after first of routing, which leaves it nothing to do; remove one")]
    public void What_is_wrong_is_said_where_it_stands(string line, string error)
        => Assert.Contains(error, Assert.Single(_folder.Errors(ScenarioFolder.Valid.Replace("seed: 7", line, StringComparison.Ordinal))), StringComparison.Ordinal);

    [Theory]
    [InlineData("link: {latency: 0ns}", "machine.link.latency must be at least 1ps, not '0ns', because nothing between two hosts takes no time")]
    [InlineData("link: {latency: 2s}", "machine.link.latency must be at most 1s, not 2s")]
    [InlineData("link: {bandwidth: 10Gb/s}", "machine.link.bandwidth must be a number and bit/s, kbit/s, Mbit/s, Gbit/s, Tbit/s, or B/s,")]
    [InlineData("link: {bandwidth: 10}", "such as 10Gbit/s or 1.25GB/s; not '10'")]
    [InlineData("link: {bandwidth: 0B/s}", "machine.link.bandwidth must be above 0 and at most 1TB/s; not '0B/s'")]
    [InlineData("link: {bandwidth: 9Tbit/s}", "machine.link.bandwidth must be above 0 and at most 1TB/s; not '9Tbit/s'")]
    [InlineData("link: {bandwidth: 1bit/s}", "machine.link.bandwidth must be a whole number of bytes in a second; not '1bit/s'")]
    [InlineData("link: {bandwith: 1GB/s}", "unknown key 'bandwith' in machine.link; did you mean 'bandwidth'?")]
    public void A_wrong_link_is_refused(string link, string error)
        => Assert.Contains(error, Assert.Single(_folder.Errors(ScenarioFolder.Valid.Replace("  profile: kvm", "  " + link, StringComparison.Ordinal))), StringComparison.Ordinal);

    [Theory]
    [InlineData("hypervisor: none", "4:13: error: migrations needs a VM, but hypervisor is none")]
    [InlineData("irqchip: user", "4:54: error: migrations[0].tamper[0].group is 'eiointc-core-isr', but with irqchip: user there is no such group: the controllers are among the devices; there are counter, vcpu-registers, vcpu-control, vcpu-timer, vcpu-steal-time, devices, memory")]
    public void A_machine_that_cannot_do_it_is_refused_once_for_all_variants(string key, string error)
    {
        var text = ScenarioFolder.Valid.Replace("seed: 7", "migrations: [{at: 2ms, tamper: [{fault: omit, group: eiointc-core-isr}]}]", StringComparison.Ordinal)
            .Replace("  profile: kvm", "  " + key, StringComparison.Ordinal);

        Assert.StartsWith(error, Assert.Single(_folder.Errors(text)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("link: [fast, slow]", "matrix.link is no axis, for a link has several keys")]
    [InlineData("migrations: [1, 2]", "matrix.migrations is no axis, for a scenario has a list of them")]
    [InlineData("a: {x: {link: {bandwidth: 1GB/s}}}\n  b: {y: {link: {bandwidth: 2GB/s}}}", "matrix.b varies 'link.bandwidth', which matrix.a varies already")]
    [InlineData("a: {x: {migrations: []}}\n  b: {y: {migrations: []}}", "matrix.b varies 'migrations', which matrix.a varies already")]
    [InlineData("a: {x: {migrations: [{at: 1s}]}}", "matrix.a.x.migrations[0].at is 1s, but length.until is 100ms")]
    public void A_wrong_axis_is_refused(string axis, string error)
        => Assert.Contains(error, Assert.Single(_folder.Errors(ScenarioFolder.Valid.Replace("pattern: {one-to-all: 0, all-to-all: 1}", axis, StringComparison.Ordinal))), StringComparison.Ordinal);

    [Fact]
    public void Too_many_entries_are_refused_at_the_first_that_is_too_many()
    {
        var entries = string.Join(", ", Enumerable.Range(1, MigrationSection.MostEntries + 1).Select(number => $"{{at: {number}us}}"));

        Assert.Contains("migrations has 65 entries; at most 64", Assert.Single(_folder.Errors(ScenarioFolder.Valid.Replace("seed: 7", $"migrations: [{entries}]", StringComparison.Ordinal))), StringComparison.Ordinal);
    }

    private IReadOnlyList<ScenarioVariant> Variants(string line, string before = "\0", string after = "\0")
        => _folder.LoadValid(ScenarioFolder.Valid.Replace("seed: 7", line, StringComparison.Ordinal).Replace(before, after, StringComparison.Ordinal)).Variants;
}
