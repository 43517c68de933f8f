using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Lpi;

/// <content>The rows, and what they must be so that nothing goes wrong later.</content>
internal sealed partial class KvmLpis
{
    /// <summary>References are counted anew by those who have them: see <see cref="CountReference"/>, <see cref="LpiStore.FinishLoad"/>.</summary>
    public override void SyncState(StateSync sync)
    {
        base.SyncState(sync);
        var count = _lpis.Existing.Count;
        sync.Count("lpis", ref count, InterruptIds.LpiCount);
        var last = InterruptIds.FirstLpi - 1;
        for (var i = 0; i < count; i++)
        {
            sync.Begin("lpi", i);
            last = SyncLpi(sync, last);
            sync.End();
        }

        if (sync.Loading)
        {
            CheckLoaded();
        }
    }

    /// <summary>An entry that was loaded refers to an LPI.</summary>
    public void CountReference(int interruptId)
    {
        if (!InterruptIds.IsLpi(interruptId) || !_lpis.Exists(interruptId))
        {
            throw new StateFormatException($"an event is mapped to INTID {interruptId}, but there is no such LPI");
        }

        _lpis.CountReference(interruptId, 1);
    }

    internal override void FinishLoad()
    {
        foreach (var interrupt in _lpis.Existing)
        {
            if (!_lpis.At(interrupt).IsUsed)
            {
                throw new StateFormatException($"nothing refers to LPI {interrupt}");
            }
        }
    }

    private int SyncLpi(StateSync sync, int previous)
    {
        var interrupt = sync.Loading ? 0 : _lpis.Existing.NextFrom(previous + 1);
        var lpi = sync.Loading ? default : _lpis.At(interrupt);
        var (target, property, isLatched) = ((int)lpi.Target, lpi.Property, lpi.IsLatched);
        sync.Row("intid", ref interrupt);
        sync.Row("target", ref target);
        sync.Row("property", ref property);
        sync.Row("latch", ref isLatched);
        if (sync.Loading)
        {
            if (!InterruptIds.IsLpi(interrupt) || interrupt <= previous || target < Nobody || target >= Targets.Vcpus)
            {
                throw new StateFormatException($"LPI {interrupt} of vCPU {target}: LPIs are {InterruptIds.FirstLpi} to {InterruptIds.LpiEnd - 1}, in ascending order, vCPUs {Nobody} to {Targets.Vcpus - 1}");
            }

            CheckHold(interrupt, target, isLatched);
            _lpis.Create(interrupt, target, (byte)(property & LpiTables.PropertyKept)).IsLatched = isLatched;
        }

        return interrupt;
    }

    /// <summary>Holds were loaded before: whoever has it must be where it goes.</summary>
    private void CheckHold(int interruptId, int target, bool isLatched)
    {
        ref var held = ref _lpis.At(interruptId);
        if (held.Sequence != 0 && (held.Target != target || isLatched))
        {
            throw new StateFormatException($"vCPU {held.Target} holds LPI {interruptId}, which does not go there, or is latched on the board too");
        }
    }

    private void CheckLoaded()
    {
        foreach (var interrupt in _lpis.Held)
        {
            if (!_lpis.Exists(interrupt))
            {
                throw new StateFormatException($"vCPU {_lpis.At(interrupt).Target} holds LPI {interrupt}, which there is not");
            }
        }

        foreach (var (vcpu, interrupt) in Undecided)
        {
            ref var lpi = ref _lpis.At(interrupt);
            if (!lpi.Exists || lpi.Target != vcpu || lpi.IsReturned)
            {
                throw new StateFormatException($"LPI {interrupt} is said to have come back from vCPU {vcpu}, where it does not go, or twice");
            }

            lpi.IsReturned = true;
        }
    }
}
