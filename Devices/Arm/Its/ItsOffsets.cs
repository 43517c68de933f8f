namespace Trapline.Devices.Arm.Its;

/// <summary>Offsets from the base of an ITS: the control frame, then the translation frame (spec gicv3-its 6).</summary>
public static class ItsOffsets
{
    public const ulong Control = 0x0000;
    public const ulong Implementer = 0x0004;
    public const ulong Type = 0x0008;
    public const ulong QueueBase = 0x0080;
    public const ulong QueueWrite = 0x0088;
    public const ulong QueueRead = 0x0090;

    /// <summary>GITS_BASER0 to 7, 8 bytes each: 0 is of devices, 1 of collections, the others are zero.</summary>
    public const ulong TableBase = 0x0100;
    public const ulong TableBaseEnd = 0x0140;
    public const ulong Identification = 0xFFD0;
    public const ulong ControlFrameEnd = 0x1_0000;

    /// <summary>GITS_TRANSLATER. In KVM stores of vCPUs are not seen; messages of devices come another way.</summary>
    public const ulong Translater = 0x1_0040;

    /// <summary>Both frames.</summary>
    public const ulong End = 0x2_0000;
}
