using System.Numerics;
using Trapline.Devices.Arm.Ownership;

namespace Trapline.Devices.Arm.Lpi;

/// <content>
/// INVALL and INVALLR: the property bytes of all LPIs of a vCPU are read again. A guest may fill a queue with 32,767 of these, for 57,344 LPIs
/// each: so the table is read by blocks, and only those LPIs are gone into for which something has changed.
/// </content>
internal sealed partial class KvmLpis
{
    /// <summary>Those alone whose byte is another one now: what a CPU interface has of the others stays right.</summary>
    public override void CollectRecallsForInvalidation(int vcpu, List<Recall> recalls)
    {
        if (Holds.CountOf(vcpu) == 0)
        {
            return;
        }

        Span<byte> properties = stackalloc byte[LpiSet.BlockSize];
        for (var block = 0; block < LpiSet.Blocks; block++)
        {
            var held = _lpis.OfVcpu(vcpu)[block] & _lpis.Held[block];
            for (var due = _lpis.Changed(block, Read(block, held, properties), properties); due != 0; due &= due - 1)
            {
                LpiHolds.Ask(vcpu, LpiSet.FirstOf(block) + BitOperations.TrailingZeroCount(due), recalls);
            }
        }
    }

    public override void InvalidateAll(int vcpu)
    {
        Span<byte> properties = stackalloc byte[LpiSet.BlockSize];
        for (var block = 0; block < LpiSet.Blocks; block++)
        {
            // What is latched and deliverable was handed on before, unless its byte has changed. What a CPU interface has still, had no change when the
            // rest was asked for; if a guest has written its byte meanwhile, that is the next command's to see, and to take it back for.
            var ours = _lpis.OfVcpu(vcpu)[block] & ~_lpis.Held[block];
            for (var due = _lpis.Changed(block, Read(block, ours, properties), properties); due != 0; due &= due - 1)
            {
                var at = BitOperations.TrailingZeroCount(due);
                ref var lpi = ref _lpis.At(LpiSet.FirstOf(block) + at);
                lpi.Property = properties[at];
                Evaluate(LpiSet.FirstOf(block) + at, ref lpi);
            }
        }

        Settle();
    }

    /// <summary>Reads the property bytes of a block.</summary>
    /// <param name="block">Of <see cref="LpiSet"/>.</param>
    /// <param name="lpis">Which are wanted of it.</param>
    /// <param name="properties">What was read, at the place of each.</param>
    /// <returns>Which were read: where the table leaves memory, those that it has there.</returns>
    private ulong Read(int block, ulong lpis, Span<byte> properties)
    {
        if (lpis == 0)
        {
            return 0;
        }

        var first = LpiSet.FirstOf(block);
        if (Memory.TryRead(LpiTables.PropertyAddress(Targets.PropertyBase(0), first), properties))
        {
            LpiTables.KeepProperties(properties);
            return lpis;
        }

        var read = 0UL;
        for (; lpis != 0; lpis &= lpis - 1)
        {
            var at = BitOperations.TrailingZeroCount(lpis);
            read |= TryReadProperty(first + at, out properties[at]) ? lpis & (0 - lpis) : 0;
        }

        return read;
    }
}
