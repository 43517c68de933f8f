using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Laws;

/// <summary>One model of Devices, or a few that only work together, with all that can be done to it.</summary>
internal abstract class LawSubject
{
    private static readonly int[] Widths = [1, 2, 4, 8, 4, 8, 3, 0, 5, 16];

    public LawWorld World { get; } = new();

    /// <summary>The raw rows.</summary>
    public abstract void SyncState(StateSync sync);

    /// <summary>One random input; a wrong use of the interface is one too, and answers with its refusal.</summary>
    /// <returns>All that the caller is told.</returns>
    public string Apply(Step step)
    {
        try
        {
            return Act(step);
        }
        catch (ArgumentException refused)
        {
            return refused.GetType().Name;
        }
    }

    protected abstract string Act(Step step);

    /// <summary>All widths of a bus, and some that no bus has.</summary>
    protected static int Width(Step step) => Widths[step.Place % Widths.Length];

    /// <summary>One of the places where something is, near its middle now and then.</summary>
    protected static ulong Pick(ReadOnlySpan<ulong> places, Step step) =>
        places[step.Place / 16 % places.Length] + (step.Place / 1024 % 4 == 0 ? (ulong)(step.Place / 4096 % 8) : 0);

    /// <summary>Picoseconds to hours: what timers of all periods run out in.</summary>
    protected static VirtualTime Span(Step step) => new((long)(step.Value % 4096) << (step.Place % 32));
}
