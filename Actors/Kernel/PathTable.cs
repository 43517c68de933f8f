using Trapline.Messages;

namespace Trapline.Actors.Kernel;

/// <summary>
/// Latencies of the paths between groups, by class of source and target group. Inside a group there is no latency.
/// </summary>
public sealed class PathTable
{
    private readonly Path[] _paths;
    private readonly IReadOnlyList<string> _classes;

    /// <param name="classes">Names of the classes of groups (<c>vcpu</c>, <c>board</c>).</param>
    /// <param name="pathOf">The path from one class to another.</param>
    public PathTable(IReadOnlyList<string> classes, Func<int, int, Path> pathOf)
    {
        ArgumentNullException.ThrowIfNull(pathOf);
        _classes = classes;
        _paths = new Path[classes.Count * classes.Count];
        for (var from = 0; from < classes.Count; from++)
        {
            for (var to = 0; to < classes.Count; to++)
            {
                _paths[(from * classes.Count) + to] = pathOf(from, to);
            }
        }

        InterHost = InterHostOf(_paths);
    }

    /// <summary>What a message between two modelled hosts takes longer than one inside a host; zero where there is one host.</summary>
    public VirtualTime InterHost { get; }

    public ref readonly Path Between(int fromClass, int toClass) => ref _paths[(fromClass * _classes.Count) + toClass];

    /// <summary>As seen from inside one host: classes of several hosts have the same names.</summary>
    public string ClassName(int groupClass) => _classes[groupClass];

    private static VirtualTime InterHostOf(ReadOnlySpan<Path> paths)
    {
        var longer = VirtualTime.Zero;
        foreach (ref readonly var path in paths)
        {
            if (path.InterHost < VirtualTime.Zero || (longer > VirtualTime.Zero && path.InterHost > VirtualTime.Zero && path.InterHost != longer))
            {
                throw new ArgumentException($"a path between hosts takes {path.InterHost} longer than one inside a host, another one {longer}: answers count such calls, so all must take the same");
            }

            longer = VirtualTime.Max(longer, path.InterHost);
        }

        return longer;
    }

    /// <summary>A path between two groups.</summary>
    /// <param name="Latency">What every message takes, at least.</param>
    /// <param name="Jitter">What it may take more; order is kept all the same.</param>
    /// <param name="Unordered">Senders choose the delay, and messages may overtake.</param>
    /// <param name="InterHost">The part of the latency that no cost contains: what it takes longer than the path inside one host.</param>
    public readonly record struct Path(VirtualTime Latency, VirtualTime Jitter = default, bool Unordered = false, VirtualTime InterHost = default)
    {
        /// <summary>No path: whoever sends there is wrong.</summary>
        public static Path None => new(VirtualTime.Never);

        public VirtualTime Greatest => Latency + Jitter;

        public bool Exists => !Latency.IsNever;
    }
}
