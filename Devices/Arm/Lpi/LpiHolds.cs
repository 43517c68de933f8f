using Trapline.Devices.Arm.Ownership;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Lpi;

/// <summary>Which CPU interface has which LPI, and the sequence of the last hand-over.</summary>
/// <param name="vcpus">How many there are.</param>
internal sealed class LpiHolds(int vcpus)
{
    private const int PageSize = 64;
    private const int Pages = InterruptIds.LpiCount / PageSize;

    /// <summary>A recall names interrupts in blocks of this many.</summary>
    private const int BlockSize = 32;

    // By vCPU, page, interrupt; 0 where it is not held. Pages come with their first hold.
    private readonly uint[]?[]?[] _sequences = new uint[]?[]?[vcpus];
    private readonly int[] _counts = new int[vcpus];

    public int CountOf(int vcpu) => _counts[vcpu];

    /// <summary>The sequence of the last hand-over, or 0 where the vCPU does not have the LPI.</summary>
    public uint SequenceOf(int vcpu, int interruptId)
    {
        var at = interruptId - InterruptIds.FirstLpi;
        return _sequences[vcpu]?[at / PageSize]?[at % PageSize] ?? 0;
    }

    public bool Has(int vcpu, int interruptId) => SequenceOf(vcpu, interruptId) != 0;

    public void Set(int vcpu, int interruptId, uint sequence)
    {
        var at = interruptId - InterruptIds.FirstLpi;
        var pages = _sequences[vcpu] ??= new uint[]?[Pages];
        ref var entry = ref (pages[at / PageSize] ??= new uint[PageSize])[at % PageSize];
        _counts[vcpu] += entry == 0 ? 1 : 0;
        entry = sequence;
    }

    public bool Remove(int vcpu, int interruptId)
    {
        if (!Has(vcpu, interruptId))
        {
            return false;
        }

        var at = interruptId - InterruptIds.FirstLpi;
        _sequences[vcpu]![at / PageSize]![at % PageSize] = 0;
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
        for (var interrupt = Next(vcpu, InterruptIds.FirstLpi); interrupt < InterruptIds.LpiEnd; interrupt = Next(vcpu, interrupt + 1))
        {
            Ask(vcpu, interrupt, recalls);
        }
    }

    /// <summary>The next LPI that a vCPU has, from one on; the end of the range where there is none.</summary>
    public int Next(int vcpu, int from)
    {
        if (_counts[vcpu] == 0 || _sequences[vcpu] is not { } pages)
        {
            return InterruptIds.LpiEnd;
        }

        for (var at = from - InterruptIds.FirstLpi; at < InterruptIds.LpiCount; at++)
        {
            if (pages[at / PageSize] is not { } page)
            {
                at |= PageSize - 1;
            }
            else if (page[at % PageSize] != 0)
            {
                return InterruptIds.FirstLpi + at;
            }
        }

        return InterruptIds.LpiEnd;
    }

    public void SyncState(StateSync sync)
    {
        for (var vcpu = 0; vcpu < vcpus; vcpu++)
        {
            sync.Begin("cpu", vcpu);
            var count = _counts[vcpu];
            sync.Count("held", ref count, InterruptIds.LpiCount);
            if (sync.Loading)
            {
                _sequences[vcpu] = null;
                _counts[vcpu] = 0;
            }

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
