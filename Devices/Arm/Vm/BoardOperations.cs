using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Common.Kvm;

namespace Trapline.Devices.Arm.Vm;

/// <summary>What an attribute that <see cref="Vgic"/> has let through is for the board's half of the GIC.</summary>
public static class BoardOperations
{
    private const int CountShift = 52;
    private const ulong BaseMask = 0x000F_FFFF_FFFF_0000;

    /// <param name="file">Whose attribute.</param>
    /// <param name="isSet">It is set, not read.</param>
    /// <param name="group">Of the attribute.</param>
    /// <param name="attribute">Within its group.</param>
    /// <param name="value">What is set; of CTRL_INIT the number of INTIDs.</param>
    /// <param name="vcpus">How many there are, which the older attribute of a region does not say.</param>
    public static GicOperation Of(DeviceFile file, bool isSet, uint group, ulong attribute, ulong value, int vcpus)
    {
        if (file.Type == KvmDeviceType.Its)
        {
            return group == GicAttributes.Address ? GicOperation.PlaceIts(file.Number, value)
                : isSet ? GicOperation.SetItsAttribute(file.Number, group, attribute, value)
                : GicOperation.GetItsAttribute(file.Number, group, attribute);
        }

        if (group == GicAttributes.Address)
        {
            return GicOperation.AddRegion(attribute == GicAttributes.AddressRedistributor
                ? new RedistributorRegion(value, vcpus, HasExplicitCount: false)
                : new RedistributorRegion(value & BaseMask, (int)(value >> CountShift), HasExplicitCount: true));
        }

        if (isSet && group == GicAttributes.Control && attribute == GicAttributes.ControlInitialize)
        {
            return GicOperation.Initialize((int)value);
        }

        return isSet ? GicOperation.SetAttribute(group, attribute, value) : GicOperation.GetAttribute(group, attribute);
    }
}
