using Trapline.Devices.Arm.Ownership;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Lpi;

/// <summary>Which CPU interface has which LPI, and the sequence of the last hand-over.</summary>
/// <param name="vcpus">How many there are.</param>
internal abstract class LpiHolds(int vcpus)
{
    /// <summary>A recall names interrupts in blocks of this many.</summary>
    private const int BlockSize = 32;

    private readonly int[] _counts = new int[vcpus];

    /// <summary>How many a vCPU has.</summary>
    public int CountOf(int vcpu) => _counts[vcpu];

    public bool Has(int vcpu, int interruptId) => SequenceOf(vcpu, interruptId) != 0;

    /// <summary>The sequence of the last hand-over, or 0 where the vCPU does not have the LPI.</summary>
    public abstract uint SequenceOf(int vcpu, int interruptId);

    /// <summary>A vCPU was handed an LPI, maybe one that it has.</summary>
    public void Set(int vcpu, int interruptId, uint sequence) => _counts[vcpu] += Replace(vcpu, interruptId, sequence) == 0 ? 1 : 0;

    public bool Remove(int vcpu, int interruptId)
    {
        if (!Has(vcpu, interruptId))
        {
            return false;
        }

        _ = Replace(vcpu, interruptId, 0);
        _counts[vcpu]--;
        return true;
    }

    /// <summary>Asks for one LPI back; several of a block in succession are one recall.</summary>
    public static void Ask(int vcpu, int interruptId, List<Recall> recalls)
    {
        var first = interruptId & -BlockSize;
        var bit = 1u << (interruptId - first);
        if (recalls.Count > 0 && recalls[^1] is var last && last.Vcpu == vcpu && last.FirstInterrupt == first)
        {
            recalls[^1] = last with { Mask = last.Mask | bit };
        }
        else
        {
            recalls.Add(new Recall(vcpu, first, bit));
        }
    }

    /// <summary>Asks for all that a vCPU has.</summary>
    public void AskAll(int vcpu, List<Recall> recalls)
    {
        if (_counts[vcpu] == 0)
        {
            return;
        }

        for (var interrupt = Next(vcpu, InterruptIds.FirstLpi); interrupt < InterruptIds.LpiEnd; interrupt = Next(vcpu, interrupt + 1))
        {
            Ask(vcpu, interrupt, recalls);
        }
    }

    /// <summary>The next LPI that a vCPU has, from one on; the end of the range where there is none.</summary>
    public abstract int Next(int vcpu, int from);

    public void SyncState(StateSync sync)
    {
        if (sync.Loading)
        {
            Array.Clear(_counts);
            Clear();
        }

        for (var vcpu = 0; vcpu < vcpus; vcpu++)
        {
            sync.Begin("cpu", vcpu);
            var count = _counts[vcpu];
            sync.Count("held", ref count, InterruptIds.LpiCount);
            var interrupt = InterruptIds.FirstLpi - 1;
            for (var i = 0; i < count; i++)
            {
                sync.Begin("held", i);
                interrupt = SyncHold(sync, vcpu, interrupt);
                sync.End();
            }

            sync.End();
        }
    }

    /// <summary>No vCPU has any.</summary>
    private protected abstract void Clear();

    /// <returns>The sequence before.</returns>
    private protected abstract uint Replace(int vcpu, int interruptId, uint sequence);

    private int SyncHold(StateSync sync, int vcpu, int previous)
    {
        var interrupt = sync.Loading ? 0 : Next(vcpu, previous + 1);
        var sequence = sync.Loading ? 0 : SequenceOf(vcpu, interrupt);
        sync.Row("intid", ref interrupt);
        sync.Row("sequence", ref sequence);
        if (sync.Loading)
        {
            if (!InterruptIds.IsLpi(interrupt) || interrupt <= previous || sequence == 0)
            {
                throw new StateFormatException($"vCPU {vcpu} holds INTID {interrupt} of sequence {sequence}: LPIs are {InterruptIds.FirstLpi} to {InterruptIds.LpiEnd - 1}, in ascending order, sequences from 1");
            }

            Set(vcpu, interrupt, sequence);
        }

        return interrupt;
    }
}
