using Trapline.Actors.Guests;
using Trapline.Actors.Statistics;
using Trapline.Actors.Vcpus;
using Trapline.Messages.State;

namespace Trapline.Machines.Results;

/// <summary>What was counted at one vCPU and at its IPI unit.</summary>
public sealed class VcpuResult(GuestProgram program)
{
    public int Index;
    public InterruptFates IpiFates;
    public ulong IpiReadExits;
    public ulong IpiWriteExits;
    public ulong SentToNobody;
    public bool IpiMasked;
    public bool TimerMasked;
    public bool SoftwareMasked;
    public ulong ConfigurationExits;
    public ulong HypercallExits;

    public VcpuStatistics Statistics { get; init; } = new(program);

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Row("index", ref Index);
        IpiFates.SyncState(sync);
        sync.Row("ipiReadExits", ref IpiReadExits);
        sync.Row("ipiWriteExits", ref IpiWriteExits);
        sync.Row("sentToNobody", ref SentToNobody);
        sync.Row("ipiMasked", ref IpiMasked);
        sync.Row("timerMasked", ref TimerMasked);
        sync.Row("softwareMasked", ref SoftwareMasked);
        sync.Row("configurationExits", ref ConfigurationExits);
        sync.Row("hypercallExits", ref HypercallExits);
        Statistics.SyncState(sync);
    }
}
