using Trapline.Messages;

namespace Trapline.Machines.Scenarios;

/// <summary>
/// The length for the tests of the laws: many runs on many threads and nodes, so a bound on its windows. The window
/// length L is known only once the machine is built.
/// </summary>
public static class SmokeLength
{
    public const long MaximumWindows = 20_000;

    /// <summary>What is wrong with a smoke length at this L, and the remedy; null if it is good.</summary>
    public static string? Check(VirtualTime smoke, VirtualTime leastLatency)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(leastLatency.Picoseconds, 1);
        var windows = ((Int128)smoke.Picoseconds + leastLatency.Picoseconds - 1) / leastLatency.Picoseconds;
        return windows <= MaximumWindows
            ? null
            : $"length.smoke is {smoke}, which is {windows} windows of {leastLatency}; at most {MaximumWindows} are allowed; use {Longest(leastLatency)} or less";
    }

    /// <summary>The smoke length of a scenario that names none.</summary>
    public static VirtualTime Default(VirtualTime until, VirtualTime leastLatency) => VirtualTime.Min(until, Longest(leastLatency));

    private static VirtualTime Longest(VirtualTime leastLatency)
        => leastLatency.Picoseconds > long.MaxValue / 2 / MaximumWindows ? new(long.MaxValue / 2) : new(leastLatency.Picoseconds * MaximumWindows);
}
