using Trapline.Actors.Guests;
using Trapline.Actors.Vcpus;
using Trapline.Messages.State;

namespace Trapline.Machines.Results;

/// <summary>What was counted at one vCPU.</summary>
public sealed class VcpuResult(GuestProgram program)
{
    public int Index;
    public bool IpiMasked;
    public bool TimerMasked;

    public VcpuStatistics Statistics { get; init; } = new(program);

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Row("index", ref Index);
        sync.Row("ipiMasked", ref IpiMasked);
        sync.Row("timerMasked", ref TimerMasked);
        Statistics.SyncState(sync);
    }
}
