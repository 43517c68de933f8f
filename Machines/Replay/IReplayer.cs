using Trapline.Machines.Recordings;

namespace Trapline.Machines.Replay;

/// <summary>A recording on its way through the devices.</summary>
internal interface IReplayer
{
    long Mismatches { get; }

    /// <summary>Replays to the end of the file.</summary>
    /// <exception cref="RecordingException">The file is damaged; what was found before stays.</exception>
    /// <exception cref="OperationCanceledException">Somebody stopped it.</exception>
    void Run(CancellationToken cancelled);

    /// <summary>What was found, for a report.</summary>
    ReplayFile ToReport(ReplayFile report);
}
