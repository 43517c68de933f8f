namespace Trapline.Machines.Recordings;

/// <summary>The address space of a recorded access.</summary>
public enum RecordingSpace : byte
{
    /// <summary>The IOCSR space of the accessing CPU.</summary>
    Iocsr,

    /// <summary>Physical memory.</summary>
    Memory,
}
