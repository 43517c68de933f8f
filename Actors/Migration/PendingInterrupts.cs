using Trapline.Messages.State;

namespace Trapline.Actors.Migration;

/// <summary>What was pending when the guest had stopped, counted in the state that was read out.</summary>
public struct PendingInterrupts
{
    /// <summary>Vectors of IPI units: bits of STATUS; ARM: SGIs.</summary>
    public uint Ipis;

    /// <summary>Vectors of EIOINTC: bits of COREISR.</summary>
    public uint Vectors;

    /// <summary>Pins of PCH-PIC: bits of IRR; ARM: SPIs, latched or with a wire that is high.</summary>
    public uint Pins;

    /// <summary>Lines of vCPUs: bits of ESTAT.IS but the timer's; ARM: PPIs.</summary>
    public uint Lines;

    /// <summary>Timers of vCPUs that run, and those that have run out and were not served.</summary>
    public uint Timers;

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Row("ipis", ref Ipis);
        sync.Row("vectors", ref Vectors);
        sync.Row("pins", ref Pins);
        sync.Row("lines", ref Lines);
        sync.Row("timers", ref Timers);
    }
}
