using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Trapline.Devices.Arm.Lpi;

/// <summary>
/// The objects of KVM's LPIs by INTID, in pages that come with their first LPI, and the sets that lead to them: all, those of a vCPU,
/// those that a CPU interface has. A message needs the object alone, so what only commands ask for lies apart.
/// </summary>
/// <param name="vcpus">How many there are.</param>
internal sealed class LpiTable(int vcpus)
{
    private const int PageSize = 1024;
    private const int Pages = InterruptIds.LpiCount / PageSize;

    private readonly LpiObject[]?[] _objects = new LpiObject[]?[Pages];
    private readonly int[]?[] _references = new int[]?[Pages];
    private readonly LpiSet?[] _ofVcpu = new LpiSet?[vcpus];
    private readonly LpiSet _none = new();

    /// <summary>All that exist.</summary>
    public LpiSet Existing { get; } = new();

    /// <summary>All that the CPU interface of their target has.</summary>
    public LpiSet Held { get; } = new();

    /// <summary>Those that go to a vCPU.</summary>
    public LpiSet OfVcpu(int vcpu) => _ofVcpu[vcpu] ?? _none;

    /// <summary>An LPI, whether or not it exists.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref LpiObject At(int interruptId)
    {
        var at = (uint)(interruptId - InterruptIds.FirstLpi);
        return ref (_objects[at / PageSize] ?? AddPage(at / PageSize))[at % PageSize];
    }

    public bool Exists(int interruptId) => At(interruptId).Exists;

    /// <summary>Makes an LPI that there is not yet; nothing refers to it.</summary>
    public ref LpiObject Create(int interruptId, int target, byte property)
    {
        ref var lpi = ref At(interruptId);
        lpi = new LpiObject { Exists = true, Target = LpiStore.Nobody, Property = property, Sequence = lpi.Sequence };
        Existing.Add(interruptId);
        SetTarget(interruptId, target);
        return ref lpi;
    }

    public void Delete(int interruptId)
    {
        SetTarget(interruptId, LpiStore.Nobody);
        Existing.Remove(interruptId);
        At(interruptId) = default;
    }

    public void SetTarget(int interruptId, int target)
    {
        ref var lpi = ref At(interruptId);
        if (lpi.Target != LpiStore.Nobody)
        {
            _ofVcpu[lpi.Target]!.Remove(interruptId);
        }

        lpi.Target = (short)target;
        if (target != LpiStore.Nobody)
        {
            (_ofVcpu[target] ??= new LpiSet()).Add(interruptId);
        }
    }

    /// <summary>The LPIs of a block whose property byte is another one.</summary>
    /// <param name="block">Of <see cref="LpiSet"/>.</param>
    /// <param name="lpis">Which are looked at.</param>
    /// <param name="properties">At the place of each.</param>
    public ulong Changed(int block, ulong lpis, ReadOnlySpan<byte> properties)
    {
        // A block lies in one page.
        var objects = MemoryMarshal.CreateReadOnlySpan(ref At(LpiSet.FirstOf(block)), LpiSet.BlockSize);
        if (lpis == ulong.MaxValue && AreEqual(objects, properties))
        {
            return 0;
        }

        var changed = 0UL;
        for (; lpis != 0; lpis &= lpis - 1)
        {
            var at = BitOperations.TrailingZeroCount(lpis);
            changed |= objects[at].Property != properties[at] ? lpis & (0 - lpis) : 0;
        }

        return changed;
    }

    /// <summary>An entry of an interrupt translation table refers to an LPI, or one no longer does.</summary>
    public void CountReference(int interruptId, int change)
    {
        var at = interruptId - InterruptIds.FirstLpi;
        ref var references = ref (_references[at / PageSize] ??= new int[PageSize])[at % PageSize];
        references += change;
        At(interruptId).IsReferenced = references > 0;
    }

    public void Clear()
    {
        Array.Clear(_objects);
        Array.Clear(_references);
        Array.Clear(_ofVcpu);
        Existing.Clear();
        Held.Clear();
    }

    /// <summary>Without a branch for each: most blocks are as they were.</summary>
    private static bool AreEqual(ReadOnlySpan<LpiObject> objects, ReadOnlySpan<byte> properties)
    {
        var difference = 0;
        for (var i = 0; i < objects.Length && i < properties.Length; i++)
        {
            difference |= objects[i].Property ^ properties[i];
        }

        return difference == 0;
    }

    private LpiObject[] AddPage(uint page) => _objects[page] = new LpiObject[PageSize];
}
