using System.Text.Json;
using Trapline.Cluster.Coordination;

namespace Trapline.Host.Reports.Clusters;

/// <summary>A node as its cluster knows it.</summary>
/// <param name="Id">Never used twice.</param>
/// <param name="Name">Of the node.</param>
/// <param name="Generation">How often a node of this name has joined.</param>
/// <param name="State"><c>alive</c>; <c>silent</c> where its lease has run out and nobody has declared it dead; <c>left</c>; <c>dead</c>.</param>
/// <param name="Endpoint">Where other nodes reach it.</param>
/// <param name="Build">Of its program.</param>
/// <param name="Threads">That run groups.</param>
/// <param name="Runs">What it takes part in.</param>
internal sealed record MemberRow(long Id, string Name, int Generation, string State, string Endpoint, string Build, int Threads, IReadOnlyList<string> Runs)
{
    public static MemberRow Of(Member member) => new(
        member.Id, member.Node.Name, member.Generation, StateOf(member), member.Node.Endpoint, member.Node.Build, member.Node.Threads,
        member.State == MemberState.Alive ? RunsOf(member.Status) : []);

    private static string StateOf(Member member) => member.State switch
    {
        MemberState.Alive => member.Lapsed ? "silent" : "alive",
        MemberState.Left => "left",
        _ => "dead",
    };

    /// <summary>A node of another version may say it otherwise: then nothing is known.</summary>
    private static IReadOnlyList<string> RunsOf(string status)
    {
        try
        {
            return status.Length == 0 ? [] : JsonSerializer.Deserialize(status, ReportJsonContext.Default.IReadOnlyListString) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
