using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;

namespace Trapline.Devices.Arm.Lpi;

/// <summary>
/// LPIs as KVM keeps them (spec gicv3-its 5): objects by INTID, counted by who refers to them, each with the property byte of the last
/// look and the latch. Guest memory is looked at in the moments of 5.1 and 5.2 alone.
/// </summary>
internal sealed partial class KvmLpis(IGicBoardHost host, GicProfile profile, IGuestMemory memory, ILpiTargets targets) : LpiStore(host, profile, memory, targets)
{
    private const int PageSize = 256;

    /// <summary>Bit 1 is not kept.</summary>
    private const byte PropertyKept = 0xFD;

    private readonly LpiObject[]?[] _pages = new LpiObject[]?[InterruptIds.LpiCount / PageSize];

    /// <summary>PROPBASER is one for the whole VM.</summary>
    public int Limit => LpiTables.Limit(Targets.PropertyBase(0));

    public bool Exists(int interruptId) => At(interruptId).Exists;

    /// <summary>The index of the vCPU that an LPI goes to, or <see cref="LpiStore.Nobody"/>.</summary>
    public int TargetOf(int interruptId) => At(interruptId).Target;

    /// <summary>What must come back before an LPI goes elsewhere.</summary>
    public void CollectRecallsForMove(int interruptId, int target, List<Recall> recalls)
    {
        if (At(interruptId) is { Exists: true } lpi && lpi.Target != Nobody && lpi.Target != target)
        {
            CollectRecalls(lpi.Target, interruptId, recalls);
        }
    }

    /// <summary>What must come back before an LPI is changed: only its target can have it.</summary>
    public void CollectRecallsForChange(int interruptId, List<Recall> recalls) => CollectRecallsForMove(interruptId, Nobody, recalls);

    /// <summary>
    /// Takes a reference to an LPI. A new one reads its property byte and takes its pending bit out of the table of its target; one
    /// that is there stays as it is, also its target.
    /// </summary>
    /// <returns>0, or -EFAULT, and then there is no reference.</returns>
    public int Acquire(int interruptId, int target)
    {
        ref var lpi = ref At(interruptId);
        if (!lpi.Exists)
        {
            var isPending = false;
            if (!TryReadProperty(interruptId, out var property) || (target != Nobody && !TryTakePending(interruptId, target, out isPending)))
            {
                return Errno.BadAddress;
            }

            lpi = new LpiObject(Exists: true, 0, target, property, IsLatched: false, IsReturned: false);
            if (isPending)
            {
                SetPending(interruptId);
            }
        }

        lpi.References++;
        return Errno.Success;
    }

    /// <summary>
    /// Gives a reference back. The object goes with the last, and its pending state with it; but what a CPU interface has is still
    /// delivered, once.
    /// </summary>
    public void Drop(int interruptId)
    {
        ref var lpi = ref At(interruptId);
        lpi.References--;
        FreeIfUnused(interruptId, ref lpi);
    }

    /// <summary>An event came. One that is pending stays pending, once.</summary>
    public void SetPending(int interruptId)
    {
        ref var lpi = ref At(interruptId);
        if (lpi.Target != Nobody && Holds.Has(lpi.Target, interruptId))
        {
            Hand(lpi.Target, interruptId, lpi.Property, isEvent: true);
            return;
        }

        Report(lpi.IsLatched ? ReportKind.Coalesced : IsDeliverable(lpi) ? ReportKind.Raised : ReportKind.Masked, interruptId, lpi.Target);
        lpi.IsLatched = true;
        Evaluate(interruptId, ref lpi);
    }

    /// <summary>CLEAR, DISCARD: what a CPU interface has was fetched before.</summary>
    public void ClearPending(int interruptId)
    {
        ref var lpi = ref At(interruptId);
        if (lpi.IsLatched)
        {
            Report(ReportKind.Withdrawn, interruptId, lpi.Target);
        }

        lpi.IsLatched = false;
    }

    /// <summary>MOVI, MAPC, MOVALL: its pending state goes along. What the old target had was fetched before.</summary>
    public void Retarget(int interruptId, int target)
    {
        ref var lpi = ref At(interruptId);
        if (lpi.Target != Nobody && lpi.Target != target && Holds.Has(lpi.Target, interruptId))
        {
            throw new InvalidOperationException($"LPI {interruptId} is with vCPU {lpi.Target}: fetch it before it goes to vCPU {target}");
        }

        lpi.Target = target;
        Evaluate(interruptId, ref lpi);
    }

    /// <summary>Reads the property byte again: INV, INVLPIR.</summary>
    /// <returns>0 or -EFAULT; then the byte of the last look stays.</returns>
    public int Reload(int interruptId)
    {
        ref var lpi = ref At(interruptId);
        if (!TryReadProperty(interruptId, out var property))
        {
            return Errno.BadAddress;
        }

        lpi.Property = property;
        Evaluate(interruptId, ref lpi);
        return Errno.Success;
    }

    /// <summary>MOVALL. What the CPU interfaces had was fetched before.</summary>
    /// <param name="from">Of this vCPU, or all where the profile has lost the filter (B24).</param>
    /// <param name="to">Index of a vCPU.</param>
    public void MoveAll(int from, int to)
    {
        for (var interrupt = NextFrom(InterruptIds.FirstLpi); interrupt < InterruptIds.LpiEnd; interrupt = NextFrom(interrupt + 1))
        {
            if (Profile.MoveAllIgnoresSource || TargetOf(interrupt) == from)
            {
                Retarget(interrupt, to);
            }
        }
    }

    public override void EnableLpis(int vcpu)
    {
        if (!Targets.PendingTableIsZero(vcpu))
        {
            ReadPendingTable(vcpu);
        }

        for (var interrupt = NextFrom(InterruptIds.FirstLpi); interrupt < InterruptIds.LpiEnd; interrupt = NextFrom(interrupt + 1))
        {
            ref var lpi = ref At(interrupt);
            if (lpi.Target == vcpu)
            {
                Evaluate(interrupt, ref lpi);
            }
        }

        Settle();
    }

    public override void DisableLpis(int vcpu)
    {
        for (var interrupt = NextFrom(InterruptIds.FirstLpi); interrupt < InterruptIds.LpiEnd && Profile.DisableClearsLatches; interrupt = NextFrom(interrupt + 1))
        {
            if (TargetOf(interrupt) == vcpu)
            {
                ClearPending(interrupt);
            }
        }

        Settle();
    }

    public override void InvalidateLpi(int interruptId)
    {
        if (InterruptIds.IsLpi(interruptId) && Exists(interruptId))
        {
            _ = Reload(interruptId);
        }

        Settle();
    }

    public override void InvalidateAll(int vcpu)
    {
        for (var interrupt = NextFrom(InterruptIds.FirstLpi); interrupt < InterruptIds.LpiEnd; interrupt = NextFrom(interrupt + 1))
        {
            if (TargetOf(interrupt) == vcpu)
            {
                _ = Reload(interrupt);
            }
        }

        Settle();
    }

    public override void DeliverPending()
    {
        for (var interrupt = NextFrom(InterruptIds.FirstLpi); interrupt < InterruptIds.LpiEnd; interrupt = NextFrom(interrupt + 1))
        {
            Evaluate(interrupt, ref At(interrupt));
        }

        Settle();
    }

    public override int SavePendingTables()
    {
        var result = Errno.Success;
        for (var interrupt = NextFrom(InterruptIds.FirstLpi); interrupt < InterruptIds.LpiEnd && result == Errno.Success; interrupt = NextFrom(interrupt + 1))
        {
            var lpi = At(interrupt);
            result = lpi.Target == Nobody || TrySavePending(interrupt, lpi) ? Errno.Success : Errno.BadAddress;
        }

        Settle();
        return result;
    }

    private protected override void Served(int vcpu, int interruptId) => FreeIfUnused(interruptId, ref At(interruptId));

    private protected override void TakeBack(int vcpu, int interruptId)
    {
        ref var lpi = ref At(interruptId);
        (lpi.IsLatched, lpi.IsReturned) = (true, true);
    }

    private protected override void Decide(int vcpu, int interruptId)
    {
        ref var lpi = ref At(interruptId);
        if (lpi.Exists)
        {
            lpi.IsReturned = false;
            Evaluate(interruptId, ref lpi);
            FreeIfUnused(interruptId, ref lpi);
        }
    }

    private ref LpiObject At(int interruptId)
    {
        var at = interruptId - InterruptIds.FirstLpi;
        return ref (_pages[at / PageSize] ??= new LpiObject[PageSize])[at % PageSize];
    }

    /// <summary>The next LPI that exists, from one on; the end of the range where there is none.</summary>
    private int NextFrom(int interruptId)
    {
        for (var at = interruptId - InterruptIds.FirstLpi; at < InterruptIds.LpiCount; at++)
        {
            if (_pages[at / PageSize] is not { } page)
            {
                at |= PageSize - 1;
            }
            else if (page[at % PageSize].Exists)
            {
                return InterruptIds.FirstLpi + at;
            }
        }

        return InterruptIds.LpiEnd;
    }

    /// <summary>Hands an LPI to its target if it can be delivered (spec 1.4, gated by EnableLPIs of the target).</summary>
    private void Evaluate(int interruptId, ref LpiObject lpi)
    {
        if (lpi.IsLatched && IsDeliverable(lpi))
        {
            lpi.IsLatched = false;
            Hand(lpi.Target, interruptId, lpi.Property);
        }
    }

    private bool IsDeliverable(in LpiObject lpi) =>
        lpi.IsEnabled && lpi.Target != Nobody && Targets.DeliversGroup1 && Targets.LpisEnabled(lpi.Target);

    private bool IsUsed(int interruptId, in LpiObject lpi) =>
        lpi.References > 0 || lpi.IsReturned || (lpi.Target != Nobody && Holds.Has(lpi.Target, interruptId));

    private void FreeIfUnused(int interruptId, ref LpiObject lpi)
    {
        if (!lpi.Exists || IsUsed(interruptId, lpi))
        {
            return;
        }

        if (lpi.IsLatched)
        {
            Report(ReportKind.Withdrawn, interruptId, lpi.Target);
        }

        lpi = default;
    }

    private bool TryReadProperty(int interruptId, out byte property)
    {
        var isRead = Memory.TryRead(LpiTables.PropertyAddress(Targets.PropertyBase(0), interruptId), sizeof(byte), out var value);
        property = (byte)(value & PropertyKept);
        return isRead;
    }

    /// <summary>The pending bit of an LPI that is made: it moves from the table into the object.</summary>
    private bool TryTakePending(int interruptId, int vcpu, out bool isPending)
    {
        var address = LpiTables.PendingAddress(Targets.PendingBase(vcpu), interruptId);
        var bit = LpiTables.PendingBit(interruptId);
        var isRead = Memory.TryRead(address, sizeof(byte), out var value);
        isPending = (value & bit) != 0;
        return isRead && (!isPending || Memory.TryWrite(address, sizeof(byte), value & ~(ulong)bit));
    }

    /// <summary>EnableLPIs: latches become what the table says; the table stays. One read for each byte; the first that fails ends it.</summary>
    private void ReadPendingTable(int vcpu)
    {
        var (address, value) = (ulong.MaxValue, 0UL);
        for (var interrupt = NextFrom(InterruptIds.FirstLpi); interrupt < InterruptIds.LpiEnd; interrupt = NextFrom(interrupt + 1))
        {
            ref var lpi = ref At(interrupt);
            if (lpi.Target != vcpu)
            {
                continue;
            }

            var next = LpiTables.PendingAddress(Targets.PendingBase(vcpu), interrupt);
            if (next != address && !Memory.TryRead(next, sizeof(byte), out value))
            {
                return;
            }

            address = next;
            if ((value & LpiTables.PendingBit(interrupt)) == 0)
            {
                ClearPending(interrupt);
            }
            else
            {
                SetPending(interrupt);
            }
        }
    }

    private bool TrySavePending(int interruptId, in LpiObject lpi)
    {
        var address = LpiTables.PendingAddress(Targets.PendingBase(lpi.Target), interruptId);
        ulong bit = LpiTables.PendingBit(interruptId);
        if (!Memory.TryRead(address, sizeof(byte), out var old))
        {
            return false;
        }

        var value = lpi.IsLatched ? old | bit : old & ~bit;
        return value == old || Memory.TryWrite(address, sizeof(byte), value);
    }
}
