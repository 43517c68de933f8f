using Trapline.Messages.State;

namespace Trapline.Actors.Statistics;

/// <summary>
/// What became of the rings of a doorbell device. Of those that arrived, each is coalesced, waits to be read, waits behind a
/// mask, or has left as a message: from there on it is a raise of the interrupt controller.
/// </summary>
public record struct DoorbellFates
{
    /// <summary>Rings that its guest sent to a device and vector that exist.</summary>
    public long Sent;

    /// <summary>Rings that its guest sent to a device or vector that does not exist.</summary>
    public long Refused;

    /// <summary>Rings of others, or of its own, that came.</summary>
    public long Arrived;

    /// <summary>Of these: those that met their like, on the way to the VMM or behind a mask.</summary>
    public long Coalesced;

    /// <summary>Of these: those that wait behind the mask of their entry. The device's, no row of this.</summary>
    public long Masked;

    /// <summary>Of these: those that the VMM has not read yet. The device's, no row of this.</summary>
    public long Signalled;

    public void Add(in DoorbellFates other)
    {
        Sent += other.Sent;
        Refused += other.Refused;
        Arrived += other.Arrived;
        Coalesced += other.Coalesced;
        Masked += other.Masked;
        Signalled += other.Signalled;
    }

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Begin("fates");
        sync.Row("sent", ref Sent);
        sync.Row("refused", ref Refused);
        sync.Row("arrived", ref Arrived);
        sync.Row("coalesced", ref Coalesced);
        sync.End();
    }
}
