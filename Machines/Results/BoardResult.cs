using Trapline.Actors.Arm;
using Trapline.Actors.Devices;
using Trapline.Actors.Kernel;
using Trapline.Actors.LoongArch;
using Trapline.Actors.Statistics;
using Trapline.Actors.Vmm;
using Trapline.Messages.State;

namespace Trapline.Machines.Results;

/// <summary>What was counted at the interrupt controllers that all vCPUs share.</summary>
public sealed class BoardResult
{
    /// <summary>Of the host on which it was counted.</summary>
    public int Machine;

    /// <summary>What became of the raises of EIOINTC's vectors; of SPIs and LPIs, up to their hand-over.</summary>
    public InterruptFates Fates;

    /// <summary>Of those still open: the ones that wait behind a clear bit of ENABLE, or at a GIC's distributor and ITS.</summary>
    public long Masked;

    /// <summary>Requests that wait behind PCH-PIC's INT_MASK: EIOINTC has not heard of them.</summary>
    public long MaskedAtPic;

    public ulong EiointcReadExits;
    public ulong EiointcWriteExits;
    public ulong PicReadExits;
    public ulong PicWriteExits;

    /// <summary>ARM: of the ITSs.</summary>
    public CommandStatistics Commands { get; init; } = new();

    /// <summary>Of the big lock.</summary>
    public LockStatistics BigLock { get; init; } = new();

    /// <summary>Of its doorbell device; all 0 where it has none.</summary>
    public DoorbellFates Doorbell;

    /// <param name="group">That of a board.</param>
    internal static BoardResult Of(Group group)
    {
        if (group.Actors.OfType<GicActor>().SingleOrDefault() is { } gic)
        {
            return OfArm(group, gic);
        }

        var eiointc = group.Actors.OfType<EiointcActor>().Single();
        var pic = group.Actors.OfType<PchPicActor>().Single();
        var vmm = group.Actors.OfType<VmmActor>().Single();
        var result = new BoardResult { Doorbell = DoorbellOf(group), Machine = vmm.Address.Machine, BigLock = vmm.LockStatistics, Fates = eiointc.Fates, Masked = eiointc.Masked, MaskedAtPic = pic.Masked };
        for (var vcpu = 0; vcpu < pic.Vcpus; vcpu++)
        {
            var (reads, writes) = eiointc.ExitsOf(vcpu);
            result.EiointcReadExits += reads;
            result.EiointcWriteExits += writes;
            (reads, writes) = pic.ExitsOf(vcpu);
            result.PicReadExits += reads;
            result.PicWriteExits += writes;
        }

        return result;
    }

    private static BoardResult OfArm(Group group, GicActor gic)
    {
        var vmm = group.Actors.OfType<VmmActor>().Single();
        return new() { Doorbell = DoorbellOf(group), Machine = vmm.Address.Machine, BigLock = vmm.LockStatistics, Fates = gic.Fates, Masked = gic.Waiting, Commands = gic.Commands };
    }

    private static DoorbellFates DoorbellOf(Group group) => group.Actors.OfType<DoorbellDeviceActor>().SingleOrDefault()?.Fates ?? default;

    /// <summary>All boards of several machines together: each has what waits at it.</summary>
    internal static BoardResult Sum(IReadOnlyList<BoardResult> boards)
    {
        var sum = Merge(boards);
        (sum.Masked, sum.MaskedAtPic) = (boards.Sum(board => board.Masked), boards.Sum(board => board.MaskedAtPic));
        return sum;
    }

    /// <summary>One board from what was counted at it on several hosts.</summary>
    /// <param name="parts">What waits at the end waits at the first: what the others still show has gone there.</param>
    internal static BoardResult Merge(IReadOnlyList<BoardResult> parts)
    {
        if (parts.Count <= 1)
        {
            return parts.Count == 1 ? parts[0] : new BoardResult();
        }

        var merged = new BoardResult { Machine = parts[0].Machine, Masked = parts[0].Masked, MaskedAtPic = parts[0].MaskedAtPic };
        foreach (var part in parts)
        {
            merged.Fates.Add(in part.Fates);
            merged.EiointcReadExits += part.EiointcReadExits;
            merged.EiointcWriteExits += part.EiointcWriteExits;
            merged.PicReadExits += part.PicReadExits;
            merged.PicWriteExits += part.PicWriteExits;
            merged.BigLock.Merge(part.BigLock);
            merged.Commands.Merge(part.Commands);
            merged.Doorbell.Add(in part.Doorbell);
        }

        return merged;
    }

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Begin("board");
        sync.Row("machine", ref Machine);
        Fates.SyncState(sync);
        sync.Row("masked", ref Masked);
        sync.Row("maskedAtPic", ref MaskedAtPic);
        sync.Row("eiointcReadExits", ref EiointcReadExits);
        sync.Row("eiointcWriteExits", ref EiointcWriteExits);
        sync.Row("picReadExits", ref PicReadExits);
        sync.Row("picWriteExits", ref PicWriteExits);
        sync.Begin("doorbell");
        Doorbell.SyncState(sync);
        sync.Row("masked", ref Doorbell.Masked);
        sync.Row("signalled", ref Doorbell.Signalled);
        sync.End();
        sync.Begin("its");
        Commands.SyncState(sync);
        sync.End();
        sync.Begin("bigLock");
        BigLock.SyncState(sync);
        sync.End();
        sync.End();
    }
}
