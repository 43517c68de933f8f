using System.Text.Json.Serialization;

namespace Trapline.Machines.Scenarios.Placements;

/// <summary>How the groups of one run are dealt out to nodes. It decides how fast a run is, never what it finds.</summary>
public enum PlacementPolicy
{
    /// <summary>Equal blocks of neighbouring groups.</summary>
    [JsonStringEnumMemberName("spread")]
    Spread,

    /// <summary>As few nodes as hold it.</summary>
    [JsonStringEnumMemberName("pack")]
    Pack,

    /// <summary>Modelled hosts, each as a whole.</summary>
    [JsonStringEnumMemberName("host")]
    Host,

    /// <summary>As the scenario says of each group.</summary>
    [JsonStringEnumMemberName("explicit")]
    Explicit,

    /// <summary>Who talks much is together, by measured traffic.</summary>
    [JsonStringEnumMemberName("traffic")]
    Traffic,
}
