using Trapline.Actors.LoongArch;
using Trapline.Actors.Statistics;
using Trapline.Actors.Vmm;
using Trapline.Messages.State;

namespace Trapline.Machines.Results;

/// <summary>What was counted at the interrupt controllers that all vCPUs share.</summary>
public sealed class BoardResult
{
    /// <summary>What became of the raises of EIOINTC's vectors.</summary>
    public InterruptFates Fates;

    /// <summary>Of those still open: the ones that wait behind a clear bit of ENABLE.</summary>
    public long Masked;

    /// <summary>Requests that wait behind PCH-PIC's INT_MASK: EIOINTC has not heard of them.</summary>
    public long MaskedAtPic;

    public ulong EiointcReadExits;
    public ulong EiointcWriteExits;
    public ulong PicReadExits;
    public ulong PicWriteExits;

    /// <summary>Of the big lock.</summary>
    public LockStatistics BigLock { get; init; } = new();

    internal static BoardResult Of(EiointcActor eiointc, PchPicActor pic, VmmActor vmm)
    {
        var result = new BoardResult { BigLock = vmm.LockStatistics, Fates = eiointc.Fates, Masked = eiointc.Masked, MaskedAtPic = pic.Masked };
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

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Begin("board");
        Fates.SyncState(sync);
        sync.Row("masked", ref Masked);
        sync.Row("maskedAtPic", ref MaskedAtPic);
        sync.Row("eiointcReadExits", ref EiointcReadExits);
        sync.Row("eiointcWriteExits", ref EiointcWriteExits);
        sync.Row("picReadExits", ref PicReadExits);
        sync.Row("picWriteExits", ref PicWriteExits);
        sync.Begin("bigLock");
        BigLock.SyncState(sync);
        sync.End();
        sync.End();
    }
}
