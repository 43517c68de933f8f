using System.Numerics;

namespace Trapline.Devices.LoongArch.Ipi;

/// <summary>
/// The CPUs that a paravirtual IPI names, ascending: a map of 128 bits and the physical id of its first
/// (KVM_HCALL_FUNC_IPI; arch/loongarch/kvm/exit.c, kvm_send_pv_ipi). Each of them that exists gets SWI0 queued; ids that
/// nobody has are skipped, and the call succeeds whatever it found.
/// </summary>
/// <param name="low">a1: bit n is CPU <paramref name="first"/> + n.</param>
/// <param name="high">a2: bit n is CPU <paramref name="first"/> + 64 + n.</param>
/// <param name="first">a3.</param>
public struct HypercallTargets(ulong low, ulong high, ulong first)
{
    private const int WordBits = 64;

    private ulong _low = low;
    private ulong _high = high;

    /// <summary>Takes the next target.</summary>
    /// <param name="cpuId">A physical id; it may belong to no CPU, and be far beyond the last.</param>
    /// <returns>False after the last.</returns>
    public bool TryTake(out ulong cpuId)
    {
        ref var word = ref _low;
        cpuId = first;
        if (_low == 0)
        {
            word = ref _high;
            cpuId += WordBits;
        }

        if (word == 0)
        {
            return false;
        }

        cpuId += (ulong)BitOperations.TrailingZeroCount(word);
        word &= word - 1;
        return true;
    }
}
