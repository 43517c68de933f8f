using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Lpi;

/// <content>The rows, and what they must be so that nothing goes wrong later.</content>
internal sealed partial class KvmLpis
{
    /// <summary>References are counted anew by those who have them: see <see cref="CountReference"/>, <see cref="LpiStore.FinishLoad"/>.</summary>
    public override void SyncState(StateSync sync)
    {
        base.SyncState(sync);
        var count = 0;
        for (var interrupt = NextFrom(InterruptIds.FirstLpi); interrupt < InterruptIds.LpiEnd; interrupt = NextFrom(interrupt + 1))
        {
            count++;
        }

        sync.Count("lpis", ref count, InterruptIds.LpiCount);
        if (sync.Loading)
        {
            Array.Clear(_pages);
        }

        var last = InterruptIds.FirstLpi - 1;
        for (var i = 0; i < count; i++)
        {
            sync.Begin("lpi", i);
            last = SyncLpi(sync, last);
            sync.End();
        }

        if (sync.Loading)
        {
            CheckHolds();
        }
    }

    /// <summary>An entry that was loaded refers to an LPI.</summary>
    public void CountReference(int interruptId)
    {
        if (!InterruptIds.IsLpi(interruptId) || !Exists(interruptId))
        {
            throw new StateFormatException($"an event is mapped to INTID {interruptId}, but there is no such LPI");
        }

        At(interruptId).References++;
    }

    internal override void FinishLoad()
    {
        for (var interrupt = NextFrom(InterruptIds.FirstLpi); interrupt < InterruptIds.LpiEnd; interrupt = NextFrom(interrupt + 1))
        {
            if (!IsUsed(interrupt, At(interrupt)))
            {
                throw new StateFormatException($"nothing refers to LPI {interrupt}");
            }
        }
    }

    private int SyncLpi(StateSync sync, int previous)
    {
        var interrupt = sync.Loading ? 0 : NextFrom(previous + 1);
        var lpi = sync.Loading ? default : At(interrupt);
        var (target, property, isLatched) = (lpi.Target, lpi.Property, lpi.IsLatched);
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

            At(interrupt) = new LpiObject(Exists: true, 0, target, (byte)(property & PropertyKept), isLatched, IsReturned: false);
        }

        return interrupt;
    }

    private void CheckHolds()
    {
        for (var vcpu = 0; vcpu < Targets.Vcpus; vcpu++)
        {
            for (var interrupt = Holds.Next(vcpu, InterruptIds.FirstLpi); interrupt < InterruptIds.LpiEnd; interrupt = Holds.Next(vcpu, interrupt + 1))
            {
                if (At(interrupt) is not { Exists: true, IsLatched: false } lpi || lpi.Target != vcpu)
                {
                    throw new StateFormatException($"vCPU {vcpu} holds LPI {interrupt}, which does not go there, or is latched on the board too");
                }
            }
        }

        foreach (var (vcpu, interrupt) in Undecided)
        {
            ref var lpi = ref At(interrupt);
            if (!lpi.Exists || lpi.Target != vcpu || lpi.IsReturned)
            {
                throw new StateFormatException($"LPI {interrupt} is said to have come back from vCPU {vcpu}, where it does not go, or twice");
            }

            lpi.IsReturned = true;
        }
    }
}
