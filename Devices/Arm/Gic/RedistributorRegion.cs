namespace Trapline.Devices.Arm.Gic;

/// <summary>Consecutive redistributors in guest physical memory.</summary>
/// <param name="Base">Guest physical.</param>
/// <param name="Count">Slots of 128 KiB.</param>
/// <param name="HasExplicitCount">False for the one region of the older attribute V3_REDIST, which has as many as there are vCPUs.</param>
public readonly record struct RedistributorRegion(ulong Base, int Count, bool HasExplicitCount)
{
    /// <summary>RD frame and SGI frame.</summary>
    public const ulong SlotBytes = 0x20000;

    public const ulong FrameBytes = 0x10000;

    public ulong End => Base + ((ulong)Count * SlotBytes);
}
