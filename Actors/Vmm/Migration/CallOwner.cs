namespace Trapline.Actors.Vmm.Migration;

/// <summary>For what a VMM has made an ioctl: the kernel answers in the order of asking, and says no more than a number.</summary>
internal enum CallOwner : byte
{
    /// <summary>Making the machine.</summary>
    Start,

    /// <summary>A change of the routes of messages.</summary>
    Routes,

    /// <summary>A migration, from or to this host.</summary>
    Migration,
}
