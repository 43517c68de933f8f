using Trapline.Machines.Recordings;

namespace Trapline.Machines.Replay;

/// <summary>The recordings of one grammar, and the profiles under which they can be replayed.</summary>
internal interface IReplayFamily
{
    /// <summary>The default first.</summary>
    IReadOnlyList<string> ProfileNames { get; }

    /// <summary>Replays a file.</summary>
    /// <param name="file">Just opened, of this family's grammar.</param>
    /// <param name="report">To be filled in; its file is opened again for each row of an explanation.</param>
    /// <param name="profile">Name; null for the one that the file's head names.</param>
    /// <param name="detailed">How many mismatches are described.</param>
    /// <param name="cancelled">Stops it.</param>
    /// <exception cref="RecordingException">The file is damaged before its first event, or has no such profile.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    ReplayFile Replay(RecordingFile file, ReplayFile report, string? profile, int detailed, CancellationToken cancelled);
}
