namespace Trapline.Cluster.Nodes;

/// <summary>Kinds of payloads that participants leave.</summary>
internal static class PayloadKinds
{
    /// <summary>A <see cref="StagedCut"/> as JSON; its number is that of the cut.</summary>
    public const string Cut = "cut";

    /// <summary>A variant's outcome as <see cref="ResultContent"/>.</summary>
    public const string Result = "result";

    /// <summary>A journal entry as JSON; its number is the virtual time of it, picoseconds.</summary>
    public const string Act = "act";
}
