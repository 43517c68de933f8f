using Trapline.Devices.Arm.Lpi;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;

namespace Trapline.Devices.Arm.Its;

/// <summary>The commands of all LPIs of a vCPU, as KVM executes them: INVALL, MOVALL (spec gicv3-its 7.4).</summary>
internal sealed class KvmTargetCommands(GicProfile profile, KvmTargets targets, KvmLpis lpis, KvmLists lists)
{
    public void CollectRecallsOfInvall(in ItsCommand command, List<Recall> recalls)
    {
        var target = TargetOf(command);
        if (target != LpiStore.Nobody)
        {
            lpis.CollectRecallsForInvalidation(target, recalls);
        }
    }

    /// <summary>Those of all ITSs that go to the collection's vCPU.</summary>
    public int Invall(in ItsCommand command)
    {
        var target = TargetOf(command);
        if (target == LpiStore.Nobody)
        {
            return ItsErrors.InvallUnmappedCollection;
        }

        lpis.InvalidateAll(target);
        return Errno.Success;
    }

    public void CollectRecallsOfMovall(in ItsCommand command, List<Recall> recalls)
    {
        var (from, to) = (targets.Find(command.Target), targets.Find(command.SecondTarget));
        if (from == LpiStore.Nobody || to == LpiStore.Nobody || from == to)
        {
            return;
        }

        if (profile.MoveAllIgnoresSource)
        {
            lpis.CollectAllRecalls(recalls);
        }
        else
        {
            lpis.CollectRecallsOfVcpu(from, recalls);
        }
    }

    /// <summary>Collections and events keep their targets, so that a later MAPC or MOVI leads the LPIs away again.</summary>
    public int Movall(in ItsCommand command)
    {
        var (from, to) = (targets.Find(command.Target), targets.Find(command.SecondTarget));
        if (from == LpiStore.Nobody || to == LpiStore.Nobody)
        {
            return ItsErrors.MovallProcessorOutOfRange;
        }

        if (from != to)
        {
            lpis.MoveAll(from, to);
            lists.EmptyCache();
        }

        return Errno.Success;
    }

    private int TargetOf(in ItsCommand command) => lists.FindCollection(command.Collection) is { } collection ? targets.Of(collection) : LpiStore.Nobody;
}
