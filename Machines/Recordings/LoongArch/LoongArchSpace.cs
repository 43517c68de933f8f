namespace Trapline.Machines.Recordings.LoongArch;

/// <summary>The address space of a recorded access.</summary>
internal enum LoongArchSpace : byte
{
    /// <summary>The IOCSR space of the accessing CPU.</summary>
    Iocsr,

    /// <summary>Physical memory.</summary>
    Memory,
}
