using Trapline.Messages.State;

namespace Trapline.Devices.LoongArch.Routing;

/// <summary>An eventfd that user space has tied to a GSI.</summary>
internal struct Irqfd
{
    /// <summary>User space's number for the eventfd.</summary>
    public int Eventfd;

    public uint Gsi;

    public void SyncState(StateSync sync)
    {
        sync.Row("eventfd", ref Eventfd);
        sync.Row("gsi", ref Gsi);
    }
}
