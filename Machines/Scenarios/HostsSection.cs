using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Trapline.Machines.Boards;
using Trapline.Machines.Yaml;
using Trapline.Messages;

namespace Trapline.Machines.Scenarios;

/// <summary>The key <c>machine.hosts</c>, there or in a choice of the matrix, which takes the place of the former as a whole.</summary>
public sealed record HostsSection
{
    public const string Key = "hosts";
    public const int MinimumCount = 1;

    private const string CountKey = "count";
    private const string LatencyKey = "latency";

    /// <summary>That of any link.</summary>
    public static readonly VirtualTime GreatestLatency = Migrations.LinkSection.GreatestLatency;

    private static readonly VirtualTime OnePicosecond = new(1);

    [Description("On how many modelled hosts the vCPUs lie, in equal blocks of neighbours; the board is on the first. At most as many as there are vCPUs.")]
    [Range(MinimumCount, HostSpread.MaximumCount)]
    public required int Count { get; init; }

    [Description("From one host to another, one way: what each message between them takes. At least the latency of the paths inside a host, which is the cost profile's; at most 1s.")]
    [DefaultValue("2us")]
    public VirtualTime Latency { get; init; } = VirtualTime.FromNanoseconds(2_000);

    /// <summary>Where it stands in the file, and the key that errors name.</summary>
    internal TextPosition Position { get; init; }

    internal string Path { get; init; } = "";

    /// <summary>As a file has it: <c>{count: 4, latency: 2us}</c>.</summary>
    public override string ToString() => $"{{{CountKey}: {Count}, {LatencyKey}: {Latency}}}";

    /// <summary>Null where the key is absent, or it is wrong.</summary>
    internal static HostsSection? Read(MappingReader machine)
    {
        if (machine.Section(Key, typeof(HostsSection)) is not { } hosts)
        {
            return null;
        }

        var count = (int?)hosts.Integer(CountKey, MinimumCount, HostSpread.MaximumCount);
        var latency = hosts.Duration(LatencyKey, OnePicosecond, "nothing between two hosts takes no time");
        if (latency > GreatestLatency)
        {
            hosts.Errors.Add(hosts.Find(LatencyKey)!.Position, $"{hosts.PathOf(LatencyKey)} must be at most {GreatestLatency}, not {latency}");
        }

        if (count is not { } known)
        {
            return null;
        }

        var section = new HostsSection { Count = known, Position = machine.Node.Find(Key)!.Key.Position, Path = machine.PathOf(Key) };
        return latency is { } time ? section with { Latency = time } : section;
    }
}
