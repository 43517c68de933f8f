using Trapline.Actors.Guests;
using Trapline.Actors.Statistics;
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

    /// <summary>ARM: raises of SGIs that wait behind an enable.</summary>
    public long MaskedSgis;

    /// <summary>ARM: raises of PPIs that wait behind an enable.</summary>
    public long MaskedPpis;

    /// <summary>ARM: SPIs and LPIs that met this CPU when it had them, and all that it handled.</summary>
    public InterruptFates HeldFates;

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
        var merged = new VcpuResult(program) { Index = last.Index, Machine = last.Machine, IpiMasked = last.IpiMasked, TimerMasked = last.TimerMasked, SoftwareMasked = last.SoftwareMasked, MaskedSgis = last.MaskedSgis, MaskedPpis = last.MaskedPpis };
        foreach (var part in parts)
        {
            merged.ConfigurationExits += part.ConfigurationExits;
            merged.HypercallExits += part.HypercallExits;
            merged.HeldFates.Add(in part.HeldFates);
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
        sync.Row("maskedSgis", ref MaskedSgis);
        sync.Row("maskedPpis", ref MaskedPpis);
        HeldFates.SyncState(sync);
        Statistics.SyncState(sync, spansHosts: true);
    }
}
