using Trapline.Machines.Yaml;
using Trapline.Messages;

namespace Trapline.Machines.Scenarios.Migrations;

/// <summary>Keys of <c>machine.link</c> that are given a value. Null leaves what was there.</summary>
public sealed record LinkChange
{
    public const string Key = "link";

    private const string LatencyKey = "latency";
    private const string BandwidthKey = "bandwidth";

    private static readonly VirtualTime OnePicosecond = new(1);

    public VirtualTime? Latency { get; init; }

    public LinkRate? Bandwidth { get; init; }

    /// <summary>What is given, as keys of <c>machine</c>.</summary>
    public IEnumerable<string> Keys()
    {
        if (Latency is not null)
        {
            yield return $"{Key}.{LatencyKey}";
        }

        if (Bandwidth is not null)
        {
            yield return $"{Key}.{BandwidthKey}";
        }
    }

    public LinkSection ApplyTo(LinkSection link)
    {
        ArgumentNullException.ThrowIfNull(link);
        return new() { Latency = Latency ?? link.Latency, Bandwidth = Bandwidth ?? link.Bandwidth };
    }

    /// <summary>As a file has it: <c>{latency: 5us}</c>.</summary>
    public override string ToString()
    {
        string?[] keys = [Latency is { } latency ? $"{LatencyKey}: {latency}" : null, Bandwidth is { } rate ? $"{BandwidthKey}: {rate}" : null];
        return $"{{{string.Join(", ", keys.Where(key => key is not null))}}}";
    }

    /// <summary>Null where the key is absent or no mapping.</summary>
    internal static LinkChange? Read(MappingReader machine)
    {
        if (machine.Section(Key, typeof(LinkSection)) is not { } link)
        {
            return null;
        }

        var latency = link.Duration(LatencyKey, OnePicosecond, "nothing between two hosts takes no time");
        if (latency > LinkSection.GreatestLatency)
        {
            link.Errors.Add(link.Find(LatencyKey)!.Position, $"{link.PathOf(LatencyKey)} must be at most {LinkSection.GreatestLatency}, not {latency}");
        }

        return new() { Latency = latency, Bandwidth = Rate(link) };
    }

    private static LinkRate? Rate(MappingReader link)
    {
        if (link.Scalar(BandwidthKey, "a bandwidth such as 10Gbit/s") is not { } node)
        {
            return null;
        }

        if (LinkRate.TryParse(node.Text, out var rate, out var problem))
        {
            return rate;
        }

        link.Errors.Add(node.Position, $"{link.PathOf(BandwidthKey)} {problem}; not {node.Kind}");
        return null;
    }
}
