using Trapline.Cluster.Runs.Acts;
using Trapline.Messages;

namespace Trapline.Cluster.Attempts;

/// <summary>What an attempt answers where it has done what was asked; every other answer is the reason why it has not.</summary>
internal static class RunAnswer
{
    private const string WentTo = " groups went to node ";

    public static string Moved(GroupMove move, VirtualTime at, TimeSpan halt) => $"{move.Groups.Count}{WentTo}{move.Node} at {at}; the run stood still for {halt.TotalMilliseconds:0.0} ms";

    /// <summary>Who asks twice, or does not know where groups are, has what was wanted.</summary>
    public static string There(GroupMove move, VirtualTime at) => $"{move.Groups.Count}{WentTo}{move.Node} at {at}: they were there already, and nothing was moved";

    public static string Acted(JournalEntry act, VirtualTime at) => $"{act.Act} of {act.Variant} at {at}";

    public static bool IsMove(string answer) => answer.Contains(WentTo, StringComparison.Ordinal);

    public static bool IsAct(string answer, string act) => answer.StartsWith($"{act} of ", StringComparison.Ordinal);

    /// <summary>With the name of the node in place of its number, which says nothing to people.</summary>
    public static string Named(string answer, int node, string name) => answer.Replace($"{WentTo}{node} ", $"{WentTo.Replace("node ", "", StringComparison.Ordinal)}{name} ", StringComparison.Ordinal);
}
