using Trapline.Devices.Arm.Lpi;

namespace Trapline.Devices.Arm.Its;

/// <summary>The vCPUs that collections and commands name.</summary>
internal sealed class KvmTargets(ILpiTargets targets)
{
    /// <returns>The index of the vCPU, or <see cref="LpiStore.Nobody"/>.</returns>
    public int Find(uint target) => targets.IndexOf(target);

    /// <summary>Where the events of a collection go.</summary>
    public int Of(CollectionEntry collection) => collection.IsMapped ? Find(collection.Target) : LpiStore.Nobody;

    public bool TakesLpis(int vcpu) => targets.LpisEnabled(vcpu);
}
