using Trapline.Messages;

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
}
