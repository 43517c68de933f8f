using Trapline.Machines.Results;

namespace Trapline.Cluster.Runs;

/// <summary>Carries out a run: every variant in turn, on one node or two.</summary>
public static class RunSession
{
    /// <summary>Blocks until the run has ended; the report is the same on every node.</summary>
    /// <exception cref="RunException">It could not be carried out.</exception>
    public static RunReport Run(RunRequest request, RunControl control) => throw new RunException("being written");
}
