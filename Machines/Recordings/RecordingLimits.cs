namespace Trapline.Machines.Recordings;

/// <summary>Bounds of a recording; the length of the file has none, for it is read as a stream.</summary>
public static class RecordingLimits
{
    /// <summary>Bytes of a line without its end. The longest event is below 60; comments name workloads.</summary>
    public const int LineBytes = 1024;

    /// <summary>Lines of the head.</summary>
    public const int HeadLines = 64;

    /// <summary>CPUs of a machine: EIOINTC's and KVM's greatest.</summary>
    public const int Cpus = 256;

    public const int PicPins = 64;

    public const int Vectors = 256;

    /// <summary>Bits of ESTAT.IS that these controllers and the timer have.</summary>
    public const int CpuLines = 13;
}
