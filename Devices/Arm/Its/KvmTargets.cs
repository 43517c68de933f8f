using Trapline.Devices.Arm.Lpi;
using Trapline.Devices.Arm.Profiles;

namespace Trapline.Devices.Arm.Its;

/// <summary>The vCPU that a target field means: an id; before Linux 6.7 an index (B22).</summary>
internal sealed class KvmTargets(GicProfile profile, ILpiTargets targets)
{
    /// <returns>The index of the vCPU, or <see cref="LpiStore.Nobody"/>.</returns>
    public int Find(uint target)
    {
        if (!profile.TargetsByIndex)
        {
            return targets.IndexOf(target);
        }

        return target < (uint)targets.Vcpus ? (int)target : LpiStore.Nobody;
    }

    /// <summary>Where the events of a collection go.</summary>
    public int Of(CollectionEntry collection) => collection.IsMapped ? Find(collection.Target) : LpiStore.Nobody;

    public bool TakesLpis(int vcpu) => targets.LpisEnabled(vcpu);
}
