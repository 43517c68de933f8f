namespace Trapline.Cluster.Coordination;

/// <summary>What the coordination takes. More is refused before anything is written.</summary>
public static class CoordinationLimits
{
    /// <summary>Of a run's specification: scenario, costs, guest files.</summary>
    public const int SpecificationBytes = 64 << 20;

    /// <summary>Of one payload; the results of a node are the largest.</summary>
    public const int PayloadBytes = 256 << 20;

    /// <summary>Characters of a status, a report, a request, an answer.</summary>
    public const int TextLength = 64 << 10;

    /// <summary>Characters of a plan.</summary>
    public const int PlanLength = 16 << 20;

    /// <summary>Characters of a node's name.</summary>
    public const int NameLength = 64;

    /// <summary>Requests of one run that may wait for an answer.</summary>
    public const int OpenRequests = 64;

    /// <summary>Of a member or a run: whoever says nothing for longer has gone.</summary>
    public static readonly TimeSpan LongestLease = TimeSpan.FromHours(1);
}
