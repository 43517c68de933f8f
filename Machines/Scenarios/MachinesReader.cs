using Trapline.Machines.Scenarios.Migrations;
using Trapline.Machines.Yaml;
using Trapline.Messages;

namespace Trapline.Machines.Scenarios;

/// <summary>Reads the key <c>machines</c>.</summary>
internal static class MachinesReader
{
    private static readonly VirtualTime OnePicosecond = new(1);

    /// <summary>Null where the scenario has no such key, or it is wrong.</summary>
    public static MachinesSection? Read(MappingReader root)
    {
        if (root.Section(MachinesSection.Key, typeof(MachinesSection)) is not { } machines)
        {
            return null;
        }

        var count = (int?)machines.Integer("count", MachinesSection.MinimumCount, MachinesSection.MaximumCount);
        var link = Link(machines);
        return count is { } known ? new() { Count = known, Link = link } : null;
    }

    private static MachinesLinkSection Link(MappingReader machines)
    {
        if (machines.Section("link", typeof(MachinesLinkSection)) is not { } link)
        {
            return new();
        }

        var latency = link.Duration("latency", OnePicosecond, "nothing between two machines takes no time");
        if (latency > LinkSection.GreatestLatency)
        {
            link.Errors.Add(link.Find("latency")!.Position, $"{link.PathOf("latency")} must be at most {LinkSection.GreatestLatency}, not {latency}");
        }

        return latency is { } known ? new() { Latency = known } : new();
    }
}
