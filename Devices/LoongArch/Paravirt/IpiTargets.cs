using System.Numerics;
using Trapline.Messages.State;

namespace Trapline.Devices.LoongArch.Paravirt;

/// <summary>
/// The physical ids that a paravirtual IPI names, in the order in which KVM goes through them: a bitmap of 128 bits and
/// the id of its first (Linux arch/loongarch/kvm/exit.c, kvm_send_pv_ipi). Saved state: a hypercall takes its time.
/// </summary>
public struct IpiTargets
{
    private const int WordBits = 64;

    private ulong _low;
    private ulong _high;
    private uint _base;
    private uint _highBase;

    /// <param name="arguments">a1 and a2: the bitmap, low word first; a3: the id of bit 0, whose upper half is ignored.</param>
    /// <param name="secondBitmap">Which ids the second word names.</param>
    public IpiTargets(in HypercallArguments arguments, SecondBitmap secondBitmap)
    {
        _low = secondBitmap == SecondBitmap.Unread ? 0 : arguments.A1;
        _high = secondBitmap == SecondBitmap.Unread ? 0 : arguments.A2;
        _base = (uint)arguments.A3;
        _highBase = secondBitmap == SecondBitmap.Repeats ? _base : unchecked(_base + WordBits);
    }

    /// <summary>Takes the next id.</summary>
    /// <param name="cpuId">
    /// 32-bit arithmetic that wraps, then read as a signed number: it can be negative, and belong to nobody.
    /// </param>
    /// <returns>False after the last.</returns>
    public bool TryTake(out int cpuId)
    {
        ref var word = ref _low;
        var first = _base;
        if (_low == 0)
        {
            word = ref _high;
            first = _highBase;
        }

        if (word == 0)
        {
            cpuId = 0;
            return false;
        }

        cpuId = unchecked((int)(first + (uint)BitOperations.TrailingZeroCount(word)));
        word &= word - 1;
        return true;
    }

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Begin("targets");
        sync.Row("low", ref _low);
        sync.Row("high", ref _high);
        sync.Row("base", ref _base);
        sync.Row("highBase", ref _highBase);
        sync.End();
    }
}
