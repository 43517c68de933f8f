namespace Trapline.Machines.Recordings.Arm;

/// <summary>Where a recorded register is.</summary>
internal enum GicFrame : byte
{
    /// <summary><c>dist</c>: GICD, by offset.</summary>
    Distributor,

    /// <summary><c>redistN</c>: RD frame and SGI frame of a redistributor, by offset.</summary>
    Redistributor,

    /// <summary><c>its</c>: control and translation frame of the ITS, by offset.</summary>
    Its,

    /// <summary><c>icc</c>: system registers of the accessing CPU, by name.</summary>
    CpuInterface,
}
