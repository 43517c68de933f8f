using Trapline.Machines.Boards;
using Trapline.Messages;
using Xunit;

namespace Trapline.Machines.Tests.Scenarios;

/// <summary>The key <c>machine.hosts</c>: what becomes of right values, and what is said of wrong ones.</summary>
public sealed class HostsKeyTests : IDisposable
{
    private readonly ScenarioFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_the_key_nobody_speaks_of_hosts()
    {
        Assert.Null(Assert.Single(_folder.LoadValid(Text("")).Variants).Machine.Hosts);
        Assert.Equal(new HostSpread(3, VirtualTime.FromNanoseconds(2_000)), Assert.Single(_folder.LoadValid(Text("hosts: {count: 3}")).Variants).Machine.Hosts);
        Assert.Equal(new HostSpread(8, VirtualTime.FromNanoseconds(25)), Assert.Single(_folder.LoadValid(Text("hosts: {count: 8, latency: 25ns}")).Variants).Machine.Hosts);
    }

    [Fact]
    public void A_choice_of_the_matrix_gives_hosts_to_its_variants_on_bare_metal_too()
    {
        var text = Text("hosts: {count: 2}") + "matrix: {place: {two: {}, four: {hosts: {count: 4, latency: 5us}}, bare: {hypervisor: none}}}\nexpect: [hosts * 2 <= 8]\n";
        var variants = _folder.LoadValid(text).Variants;
        Assert.Equal(
            [new HostSpread(2, VirtualTime.FromNanoseconds(2_000)), new HostSpread(4, VirtualTime.FromNanoseconds(5_000)), new HostSpread(2, VirtualTime.FromNanoseconds(2_000))],
            variants.Select(variant => variant.Machine.Hosts));
    }

    [Theory]
    [InlineData("hosts: {}", "", "5:10: error: the key 'count' is missing in machine.hosts; add it")]
    [InlineData("hosts: 4", "", "5:10: error: machine.hosts must be a mapping of keys to values, not '4'; its keys are count, latency")]
    [InlineData("hosts: {count: 0}", "", "5:18: error: machine.hosts.count must be from 1 to 32, not '0'")]
    [InlineData("hosts: {count: 33}", "", "5:18: error: machine.hosts.count must be from 1 to 32, not '33'")]
    [InlineData("hosts: {count: 9}", "", "5:3: error: machine.hosts.count is 9, but the variant hosts has 8 vCPUs; take at most as many hosts")]
    [InlineData("hosts: {count: 4, latency: 0ns}", "", "5:30: error: machine.hosts.latency must be at least 1ps, not '0ns', because nothing between two hosts takes no time")]
    [InlineData("hosts: {count: 4, latency: 2s}", "", "5:30: error: machine.hosts.latency must be at most 1s, not 2s")]
    [InlineData("hosts: {count: 4, latency: 24ns}", "", "5:3: error: machine.hosts.latency is 24ns, less than that of paths.betweenGroups of the costs (25ns), which is the way inside one host; take at least that")]
    [InlineData("hosts: {count: 4, latencies: 2us}", "", "5:21: error: unknown key 'latencies' in machine.hosts; did you mean 'latency'?")]
    [InlineData("hosts: {count: 4}", "machines: {count: 2}", "5:3: error: machine.hosts is for a scenario with one machine; with machines each has a host of its own: remove one of the two keys")]
    [InlineData("hosts: {count: 4}", "migrations: []", "5:3: error: machine.hosts spreads a VM over hosts, but with migrations it leaves its one host as a whole: remove one of the two keys")]
    [InlineData("profile: kvm", "matrix: {hosts: [1, 2]}", "9:10: error: matrix.hosts is no axis, for it has several keys; name an axis of your own and put them into its choices: place: {one: {hosts: {count: 1}}, four: {hosts: {count: 4, latency: 2us}}}")]
    [InlineData("profile: kvm", "matrix: {place: {far: {hosts: {count: 4, latency: 3ns}}}}", "9:24: error: matrix.place.far.hosts.latency is 3ns, less than that of paths.betweenGroups of the costs (25ns), which is the way inside one host; take at least that")]
    public void What_is_wrong_is_said_with_its_place(string key, string rest, string expected) =>
        Assert.Equal(expected, string.Join('|', _folder.Errors(Text(key) + rest + "\n")));

    private static string Text(string key) => $$"""
        name: hosts
        machine:
          board: loongarch-virt
          vcpus: 8
          {{key}}
        guest: {file: ipi.guest}
        costs: 3c5000
        length: {until: 1ms}

        """;
}
