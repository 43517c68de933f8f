using System.Text.Json;
using Trapline.Cluster.Attempts;
using Trapline.Cluster.Coordination;
using Trapline.Cluster.Runs.Acts;

namespace Trapline.Cluster.Plans;

/// <summary>What a person, or a node, asks of a run, as text.</summary>
/// <param name="What">One of the constants here.</param>
/// <param name="Groups">Of a move: indices in the plan.</param>
/// <param name="Node">Of a move: number within the attempt.</param>
/// <param name="Why">Of a database that is older than a node has seen it: what it has seen.</param>
internal sealed record RunQuestionText(string What, IReadOnlyList<int>? Groups = null, int? Node = null, string? Why = null)
{
    public const string Stop = "stop";
    public const string Drain = "drain";
    public const string Move = "move";
    public const string Rebalance = "rebalance";

    /// <summary>A node has seen more of the run than the database knows.</summary>
    public const string Older = "older";

    public string Encode() => JsonSerializer.Serialize(this, JournalJson.Options);

    /// <summary>Whether it is for the holder.</summary>
    public static bool Is(string what, RunQuestion question) => TryDecode(question.Request)?.What == what;

    /// <summary>What the lead of a job does about a question; null where it does nothing.</summary>
    /// <param name="question">As asked.</param>
    /// <param name="variant">Of the job.</param>
    /// <param name="problem">Why nobody can do it; empty where it is somebody else's matter.</param>
    public static AttemptCommand? TryCommand(RunQuestion question, string variant, out string problem)
    {
        problem = "";
        switch (TryDecode(question.Request))
        {
            case { What: Stop or Drain or Older }:
                return null;
            case { What: Rebalance }:
                return new AttemptCommand(question.Id, Rebalance: true);
            case { What: Move, Groups: { Count: > 0 } groups, Node: { } node }:
                return new AttemptCommand(question.Id, Move: new GroupMove(groups, node));
            case { What: var act } when JournalEntry.IsMessage(act):
                return new AttemptCommand(question.Id, new JournalEntry(variant, 0, act));
            default:
                problem = "this version of the program does not know what was asked";
                return null;
        }
    }

    /// <summary>Why a run must not go on; null where nobody said so.</summary>
    public static string? WhyOlder(IEnumerable<RunQuestion> questions) => questions.Select(question => TryDecode(question.Request)).FirstOrDefault(text => text?.What == Older)?.Why;

    private static RunQuestionText? TryDecode(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<RunQuestionText>(text, JournalJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
