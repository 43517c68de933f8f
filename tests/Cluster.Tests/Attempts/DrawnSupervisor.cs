using Trapline.Cluster.Attempts;
using Trapline.Cluster.Runs.Acts;
using Trapline.Cluster.Runs.Checkpoints;
using Trapline.Messages;

namespace Trapline.Cluster.Tests.Attempts;

/// <summary>Has the lead cut, move and act at windows that a seed chooses, and keeps what all nodes captured.</summary>
/// <param name="seed">Of all draws.</param>
/// <param name="groups">Of the machine.</param>
/// <param name="nodes">Of the attempt.</param>
/// <param name="each">One window in so many has something of each kind done to it.</param>
/// <param name="acts">What a person may do; each once.</param>
internal sealed class DrawnSupervisor(ulong seed, int groups, int nodes, ulong each, params string[] acts) : IAttemptSupervisor
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, (VirtualTime At, Dictionary<string, byte[]> Parts)> _cuts = [];
    private readonly Queue<string> _acts = new(acts);
    private ulong _draws;
    private bool _asked;

    public List<JournalEntry> Written { get; } = [];

    public List<string> Answers { get; } = [];

    /// <summary>By number, those that all nodes have captured.</summary>
    public IReadOnlyList<(VirtualTime At, Dictionary<string, byte[]> Parts)> Cuts => [.. _cuts.Values.Where(cut => cut.Parts.Count == groups)];

    public bool WantsCut => Below(each) == 0;

    public bool StandsStill() => Below(10 * each) == 0;

    public AttemptCommand? Take()
    {
        // One question a window: the runner asks until there is nothing more.
        _asked = !_asked;
        if (!_asked || Below(each) != 0)
        {
            _asked = false;
            return null;
        }

        return _acts.Count > 0 && Below(2) == 0
            ? new AttemptCommand(1, new JournalEntry("v", 0, _acts.Dequeue()), null)
            : new AttemptCommand(1, null, new GroupMove([.. Enumerable.Range(0, 1 + (int)Below(3)).Select(_ => (int)Below((ulong)groups)).Distinct()], (int)Below((ulong)nodes)));
    }

    public bool WriteDown(JournalEntry act)
    {
        Written.Add(act);
        return true;
    }

    public void Answer(AttemptCommand command, string answer) => Answers.Add(answer);

    public StateCapture? RentCapture() => new();

    public void Cut(int number, StateCapture state, VirtualTime at, TimeSpan halt)
    {
        lock (_lock)
        {
            if (!_cuts.TryGetValue(number, out var cut))
            {
                _cuts.Add(number, cut = (at, new(StringComparer.Ordinal)));
            }

            if (cut.At != at)
            {
                throw new InvalidOperationException($"cut {number} is at {cut.At} on one node and at {at} on another");
            }

            foreach (var (name, rows) in state.Groups)
            {
                cut.Parts.Add(name, rows.ToArray());
            }
        }
    }

    private ulong Below(ulong bound) => CounterRandom.DrawBelow(bound, seed, ActorAddress.None, RandomPurpose.Synthetic, _draws++);
}
