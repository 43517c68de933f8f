using Trapline.Messages.State;

namespace Trapline.Devices.Common.Kvm;

/// <summary>An eventfd that user space has tied to a GSI.</summary>
internal struct Irqfd
{
    /// <summary>User space's number for the eventfd.</summary>
    public int Eventfd;

    public uint Gsi;

    /// <summary>1 + the eventfd that is written when the guest has ended the level; 0 where none is, or nobody would.</summary>
    public int Resample;

    public void SyncState(StateSync sync, RoutingRules rules)
    {
        sync.Row("eventfd", ref Eventfd);
        sync.Row("gsi", ref Gsi);
        if (rules.Resamples)
        {
            sync.Row("resample", ref Resample);
        }
    }
}
