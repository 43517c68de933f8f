using Trapline.Devices.Common.Transfer;

namespace Trapline.Actors.Vmm.Migration;

/// <summary>A value of a state transfer.</summary>
internal struct TransferValue
{
    /// <summary>A <see cref="StateGroup"/>.</summary>
    public byte Group;

    /// <summary>Which device of the VMM, of <see cref="StateGroup.Devices"/>; else 0.</summary>
    public ushort Section;

    /// <summary>Number in the <see cref="StateTable"/>; of a device or of routes, the number of the row.</summary>
    public int Number;

    public ulong Value;
}
