using Trapline.Machines.Costs;
using Trapline.Machines.Scenarios.Migrations;
using Trapline.Machines.Yaml;

namespace Trapline.Machines.Scenarios;

/// <summary>What is wrong with the modelled hosts of a variant: known when its vCPUs and its costs are.</summary>
internal sealed class HostsChecks(PathCost inside, ErrorList errors)
{
    // A section that many variants share is wrong once.
    private readonly HashSet<(TextPosition, string)> _said = [];

    public void Check(HostsSection hosts, ScenarioVariant variant)
    {
        if (hosts.Count > variant.Vcpus)
        {
            Say(hosts, $"{hosts.Path}.count is {hosts.Count}, but the variant {variant.Name} has {variant.Vcpus} vCPUs; take at most as many hosts");
        }

        if (hosts.Latency < inside.Latency)
        {
            Say(hosts, $"{hosts.Path}.latency is {hosts.Latency}, less than that of paths.{inside.Name} of the costs ({inside.Latency}), which is the way inside one host; take at least that");
        }

        if (variant.Machines is not null)
        {
            Say(hosts, $"{hosts.Path} is for a scenario with one machine; with {MachinesSection.Key} each has a host of its own: remove one of the two keys");
        }

        if (variant.Migrations is not null)
        {
            Say(hosts, $"{hosts.Path} spreads a VM over hosts, but with {MigrationReader.Key} it leaves its one host as a whole: remove one of the two keys");
        }
    }

    private void Say(HostsSection hosts, string text)
    {
        if (_said.Add((hosts.Position, text)))
        {
            errors.Add(hosts.Position, text);
        }
    }
}
