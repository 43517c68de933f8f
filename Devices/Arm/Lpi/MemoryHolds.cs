namespace Trapline.Devices.Arm.Lpi;

/// <summary>In QEMU's GIC, where an LPI may be pending on several vCPUs.</summary>
/// <param name="vcpus">How many there are.</param>
internal sealed class MemoryHolds(int vcpus) : LpiHolds(vcpus)
{
    private const int PageSize = 64;
    private const int Pages = InterruptIds.LpiCount / PageSize;

    // By vCPU, page, interrupt; 0 where it is not held. Pages come with their first hold.
    private readonly uint[]?[]?[] _sequences = new uint[]?[]?[vcpus];

    public override uint SequenceOf(int vcpu, int interruptId)
    {
        var at = interruptId - InterruptIds.FirstLpi;
        return _sequences[vcpu]?[at / PageSize]?[at % PageSize] ?? 0;
    }

    public override int Next(int vcpu, int from)
    {
        if (CountOf(vcpu) == 0 || _sequences[vcpu] is not { } pages)
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

    private protected override void Clear() => Array.Clear(_sequences);

    private protected override uint Replace(int vcpu, int interruptId, uint sequence)
    {
        var at = interruptId - InterruptIds.FirstLpi;
        var pages = _sequences[vcpu] ??= new uint[]?[Pages];
        ref var entry = ref (pages[at / PageSize] ??= new uint[PageSize])[at % PageSize];
        var old = entry;
        entry = sequence;
        return old;
    }
}
