using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;

namespace Trapline.Devices.Arm.Lpi;

/// <summary>
/// LPIs as KVM keeps them (spec gicv3-its 5): objects by INTID, counted by who refers to them, each with the property byte of the last
/// look and the latch. Guest memory is looked at in the moments of 5.1 and 5.2 alone.
/// </summary>
internal sealed partial class KvmLpis : LpiStore
{
    private readonly LpiTable _lpis;

    public KvmLpis(IGicBoardHost host, GicProfile profile, IGuestMemory memory, ILpiTargets targets)
        : this(host, profile, memory, targets, new LpiTable(targets.Vcpus))
    {
    }

    private KvmLpis(IGicBoardHost host, GicProfile profile, IGuestMemory memory, ILpiTargets targets, LpiTable lpis)
        : base(host, profile, memory, targets, new KvmHolds(targets.Vcpus, lpis)) => _lpis = lpis;

    /// <summary>PROPBASER is one for the whole VM.</summary>
    public int Limit => LpiTables.Limit(Targets.PropertyBase(0));

    /// <summary>What must come back before an LPI goes elsewhere.</summary>
    public void CollectRecallsForMove(int interruptId, int target, List<Recall> recalls)
    {
        if (_lpis.At(interruptId) is { Exists: true } lpi && lpi.Target != Nobody && lpi.Target != target)
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
        if (!_lpis.Exists(interruptId))
        {
            var isPending = false;
            if (!TryReadProperty(interruptId, out var property) || (target != Nobody && !TryTakePending(interruptId, target, out isPending)))
            {
                return Errno.BadAddress;
            }

            _ = ref _lpis.Create(interruptId, target, property);
            if (isPending)
            {
                SetPending(interruptId);
            }
        }

        _lpis.CountReference(interruptId, 1);
        return Errno.Success;
    }

    /// <summary>
    /// Gives a reference back. The object goes with the last, and its pending state with it; but what a CPU interface has is still
    /// delivered, once.
    /// </summary>
    public void Drop(int interruptId)
    {
        _lpis.CountReference(interruptId, -1);
        FreeIfUnused(interruptId, ref _lpis.At(interruptId));
    }

    /// <summary>An event came. One that is pending stays pending, once.</summary>
    public void SetPending(int interruptId)
    {
        ref var lpi = ref _lpis.At(interruptId);
        if (lpi.Sequence != 0)
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
        ref var lpi = ref _lpis.At(interruptId);
        if (lpi.IsLatched)
        {
            Report(ReportKind.Withdrawn, interruptId, lpi.Target);
        }

        lpi.IsLatched = false;
    }

    /// <summary>MOVI, MAPC, MOVALL: its pending state goes along. What the old target had was fetched before.</summary>
    public void Retarget(int interruptId, int target)
    {
        ref var lpi = ref _lpis.At(interruptId);
        if (lpi.Target != target && lpi.Sequence != 0)
        {
            throw new InvalidOperationException($"LPI {interruptId} is with vCPU {lpi.Target}: fetch it before it goes to vCPU {target}");
        }

        _lpis.SetTarget(interruptId, target);
        Evaluate(interruptId, ref lpi);
    }

    /// <summary>Reads the property byte again: INV, INVLPIR.</summary>
    /// <returns>0 or -EFAULT; then the byte of the last look stays.</returns>
    public int Reload(int interruptId)
    {
        ref var lpi = ref _lpis.At(interruptId);
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
        foreach (var interrupt in Profile.MoveAllIgnoresSource ? _lpis.Existing : _lpis.OfVcpu(from))
        {
            Retarget(interrupt, to);
        }
    }

    public override void EnableLpis(int vcpu)
    {
        if (!Targets.PendingTableIsZero(vcpu))
        {
            ReadPendingTable(vcpu);
        }

        foreach (var interrupt in _lpis.OfVcpu(vcpu))
        {
            Evaluate(interrupt, ref _lpis.At(interrupt));
        }

        Settle();
    }

    public override void DisableLpis(int vcpu)
    {
        if (Profile.DisableClearsLatches)
        {
            foreach (var interrupt in _lpis.OfVcpu(vcpu))
            {
                ClearPending(interrupt);
            }
        }

        Settle();
    }

    public override void InvalidateLpi(int interruptId)
    {
        if (InterruptIds.IsLpi(interruptId) && _lpis.Exists(interruptId))
        {
            _ = Reload(interruptId);
        }

        Settle();
    }

    public override void DeliverPending()
    {
        foreach (var interrupt in _lpis.Existing)
        {
            Evaluate(interrupt, ref _lpis.At(interrupt));
        }

        Settle();
    }

    public override int SavePendingTables()
    {
        var result = Errno.Success;
        foreach (var interrupt in _lpis.Existing)
        {
            ref var lpi = ref _lpis.At(interrupt);
            if (lpi.Target != Nobody && !TrySavePending(interrupt, lpi))
            {
                result = Errno.BadAddress;
                break;
            }
        }

        Settle();
        return result;
    }

    private protected override void Served(int vcpu, int interruptId) => FreeIfUnused(interruptId, ref _lpis.At(interruptId));

    private protected override void TakeBack(int vcpu, int interruptId)
    {
        ref var lpi = ref _lpis.At(interruptId);
        (lpi.IsLatched, lpi.IsReturned) = (true, true);
    }

    private protected override void Decide(int vcpu, int interruptId)
    {
        ref var lpi = ref _lpis.At(interruptId);
        if (lpi.Exists)
        {
            lpi.IsReturned = false;
            Evaluate(interruptId, ref lpi);
            FreeIfUnused(interruptId, ref lpi);
        }
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

    private void FreeIfUnused(int interruptId, ref LpiObject lpi)
    {
        if (!lpi.Exists || lpi.IsUsed)
        {
            return;
        }

        if (lpi.IsLatched)
        {
            Report(ReportKind.Withdrawn, interruptId, lpi.Target);
        }

        _lpis.Delete(interruptId);
    }

    private bool TryReadProperty(int interruptId, out byte property)
    {
        var isRead = Memory.TryRead(LpiTables.PropertyAddress(Targets.PropertyBase(0), interruptId), sizeof(byte), out var value);
        property = (byte)(value & LpiTables.PropertyKept);
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
        foreach (var interrupt in _lpis.OfVcpu(vcpu))
        {
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
