using Trapline.Messages;

namespace Trapline.Machines.Costs;

/// <summary>How small a cost may be, wherever it is given.</summary>
public static class CostLimits
{
    private static readonly VirtualTime OnePicosecond = new(1);

    /// <summary>An instruction of no length would let a loop run for ever at one instant.</summary>
    public static VirtualTime LeastOf(string name) => name == CostNames.Instruction ? OnePicosecond : VirtualTime.Zero;

    /// <summary>
    /// What is wrong with a time of a cost, after the key; null if nothing is. A cost contains the travel of the call that it
    /// stands for: there and back.
    /// </summary>
    public static string? ProblemOf(string name, VirtualTime time, PathCost path)
    {
        if (time < LeastOf(name))
        {
            return $"must be at least {LeastOf(name)}, not '{time}'";
        }

        var travel = 2 * ((Int128)path.Latency.Picoseconds + path.Jitter.Picoseconds);
        if (!CostNames.WithCall.Contains(name) || time.Picoseconds >= travel)
        {
            return null;
        }

        var latency = path.Latency + path.Jitter;
        return $"is {time}, under two latencies of paths.{path.Name} ({latency} each{(path.Jitter == VirtualTime.Zero ? "" : ", jitter included")}), which it contains; "
            + $"raise it to at least {new VirtualTime((long)travel)} or shorten the path";
    }
}
