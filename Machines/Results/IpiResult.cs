using Trapline.Actors.LoongArch;
using Trapline.Actors.Statistics;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Machines.Results;

/// <summary>What was counted at the IPI unit of one vCPU, which may be on another node than the vCPU.</summary>
public sealed class IpiResult
{
    public int Index;

    /// <summary>Of the host on which it was counted.</summary>
    public int Machine;

    public InterruptFates Fates;
    public ulong ReadExits;
    public ulong WriteExits;
    public ulong SentToNobody;

    /// <summary>Of the unit with an address, however it is carried.</summary>
    public static IpiResult Of(ActorAddress address, IIpiActor unit)
    {
        ArgumentNullException.ThrowIfNull(unit);
        return new()
        {
            Index = address.Index,
            Machine = address.Machine,
            Fates = unit.Fates,
            ReadExits = unit.Exits.Reads,
            WriteExits = unit.Exits.Writes,
            SentToNobody = unit.SentToNobody,
        };
    }

    /// <summary>One unit from what was counted at it on several hosts.</summary>
    /// <param name="parts">At least one.</param>
    internal static IpiResult Merge(IReadOnlyList<IpiResult> parts)
    {
        var merged = new IpiResult { Index = parts[0].Index, Machine = parts[0].Machine };
        foreach (var part in parts)
        {
            merged.Fates.Add(in part.Fates);
            merged.ReadExits += part.ReadExits;
            merged.WriteExits += part.WriteExits;
            merged.SentToNobody += part.SentToNobody;
        }

        return merged;
    }

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Row("index", ref Index);
        sync.Row("machine", ref Machine);
        Fates.SyncState(sync);
        sync.Row("readExits", ref ReadExits);
        sync.Row("writeExits", ref WriteExits);
        sync.Row("sentToNobody", ref SentToNobody);
    }
}
