namespace Trapline.Cluster.Traces.Perfetto;

/// <summary>The tracks of a vCPU and what is open on them.</summary>
/// <param name="Thread">What it does: in the guest, outside and why.</param>
/// <param name="Handlers">The interrupt and fault handlers that it is in.</param>
/// <param name="Lines">Counter: interrupt lines that are high.</param>
/// <param name="Exits">Counter: exits so far.</param>
internal sealed record VcpuTracks(ulong Thread, ulong Handlers, ulong Lines, ulong Exits)
{
    /// <summary>A guest that leaves its handlers by a jump never ends them: with more than this many open, all of them are ended.</summary>
    public const int HandlerLimit = 8;

    public int OpenSlices { get; set; }

    public int OpenHandlers { get; set; }

    public int LinesHigh { get; set; }

    public long ExitsDone { get; set; }
}
