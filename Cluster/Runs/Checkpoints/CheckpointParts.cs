using Trapline.Actors.Kernel;

namespace Trapline.Cluster.Runs.Checkpoints;

/// <summary>Names and versions of the parts of a run's checkpoint.</summary>
internal static class CheckpointParts
{
    /// <summary>What the run is and where it was cut, a <see cref="RunPart"/> as JSON.</summary>
    public const string Run = "run";
    public const int RunVersion = 1;

    /// <summary>The files that the run was loaded from, an <see cref="InputsPart"/> as JSON.</summary>
    public const string Inputs = "inputs";
    public const int InputsVersion = 1;

    /// <summary>Raw rows of the groups, one part each, in the order of the plan.</summary>
    public const string GroupPrefix = "group/";
    public const int GroupVersion = GroupSchema.Version;

    public static string OfGroup(string name) => GroupPrefix + name;
}
