using Trapline.Actors.Guests;
using Trapline.Actors.Vcpus;
using Trapline.Messages.State;

namespace Trapline.Machines.Results;

/// <summary>What was counted at one vCPU.</summary>
public sealed class VcpuResult(GuestProgram program)
{
    public int Index;

    /// <summary>Of the host on which it was counted.</summary>
    public int Machine;

    public bool IpiMasked;
    public bool TimerMasked;
    public bool SoftwareMasked;
    public ulong ConfigurationExits;
    public ulong HypercallExits;

    public VcpuStatistics Statistics { get; init; } = new(program);

    /// <summary>One vCPU from what was counted at it on several hosts.</summary>
    /// <param name="program">What it runs.</param>
    /// <param name="parts">At least one; what holds at the end is that of the first.</param>
    internal static VcpuResult Merge(GuestProgram program, IReadOnlyList<VcpuResult> parts)
    {
        if (parts.Count == 1)
        {
            return parts[0];
        }

        var last = parts[0];
        var merged = new VcpuResult(program) { Index = last.Index, Machine = last.Machine, IpiMasked = last.IpiMasked, TimerMasked = last.TimerMasked, SoftwareMasked = last.SoftwareMasked };
        foreach (var part in parts)
        {
            merged.ConfigurationExits += part.ConfigurationExits;
            merged.HypercallExits += part.HypercallExits;
            merged.Statistics.Merge(part.Statistics);
        }

        return merged;
    }

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Row("index", ref Index);
        sync.Row("machine", ref Machine);
        sync.Row("ipiMasked", ref IpiMasked);
        sync.Row("timerMasked", ref TimerMasked);
        sync.Row("softwareMasked", ref SoftwareMasked);
        sync.Row("configurationExits", ref ConfigurationExits);
        sync.Row("hypercallExits", ref HypercallExits);
        Statistics.SyncState(sync, spansHosts: true);
    }
}
