namespace Trapline.Devices.Arm;

/// <summary>Where a register of <see cref="WholeGic"/> is.</summary>
public enum GicSpace
{
    /// <summary>GICD, 64 KiB.</summary>
    Distributor,

    /// <summary>GICR of the vCPU of an index: RD frame, and SGI frame from 0x10000.</summary>
    Redistributor,

    /// <summary>GITS of an index: control frame, and translation frame from 0x10000.</summary>
    Its,
}
