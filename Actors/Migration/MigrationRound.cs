using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Migration;

/// <summary>A round of copying; the last one is made while the guest is stopped.</summary>
public struct MigrationRound
{
    public VirtualTime Start;

    /// <summary>When its last byte was on the link.</summary>
    public VirtualTime End;

    /// <summary>Pages that hold something.</summary>
    public int Pages;

    /// <summary>Pages that are all zero, of which a header travels alone.</summary>
    public int ZeroPages;

    /// <summary>On the link, headers included.</summary>
    public long Bytes;

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Row("start", ref Start);
        sync.Row("end", ref End);
        sync.Row("pages", ref Pages);
        sync.Row("zeroPages", ref ZeroPages);
        sync.Row("bytes", ref Bytes);
    }
}
