using Trapline.Messages;

namespace Trapline.Actors.Kernel;

/// <summary>
/// Counts messages between groups, for whoever decides where groups go. Nothing of it reaches what a run finds. The count of a target
/// is written by the one thread that delivers to it; read it between two windows.
/// </summary>
public sealed class TrafficCounter
{
    /// <summary>Each pair has a counter: 8 MiB for so many groups. More are placed without it.</summary>
    public const int MostGroups = 1024;

    private readonly ActorDirectory _directory;
    private readonly int _groups;
    private readonly long[] _counts;

    /// <param name="plan">Of at most <see cref="MostGroups"/> groups.</param>
    public TrafficCounter(SimulationPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plan.Groups.Count, MostGroups);
        _directory = plan.Directory;
        _groups = plan.Groups.Count;
        _counts = new long[_groups * _groups];
    }

    /// <summary>Pairs of groups that said something, by target and then by source.</summary>
    public IEnumerable<(int From, int To, long Messages)> Pairs()
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            if (_counts[i] > 0)
            {
                yield return (i % _groups, i / _groups, _counts[i]);
            }
        }
    }

    public void Clear() => Array.Clear(_counts);

    internal void Count(in Message message, int target)
    {
        if (_directory.TryFind(message.Source.Original, out var source))
        {
            _counts[(target * _groups) + source.Group]++;
        }
    }
}
