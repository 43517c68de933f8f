namespace Trapline.Machines.Recordings;

/// <summary>Bounds of a recording; the length of the file has none, for it is read as a stream.</summary>
public static class RecordingLimits
{
    /// <summary>Bytes of a line without its end. The longest event is below 100; a head may have the command line of an emulator.</summary>
    public const int LineBytes = 16 * 1024;

    /// <summary>Lines of the head.</summary>
    public const int HeadLines = 64;

    /// <summary>Lines before the first event of a GIC: what the recorder has no letter for it notes in comments, for each CPU of a machine several.</summary>
    public const int GicHeadLines = 16 * GicCpus;

    /// <summary>CPUs of a LoongArch machine: EIOINTC's and KVM's greatest.</summary>
    public const int Cpus = 256;

    public const int PicPins = 64;

    public const int Vectors = 256;

    /// <summary>Bits of ESTAT.IS that LoongArch's controllers and the timer have.</summary>
    public const int CpuLines = 13;

    /// <summary>CPUs of a machine with GICv3.</summary>
    public const int GicCpus = Devices.Arm.CpuAffinity.MaximumVcpus;

    /// <summary>SPIs of QEMU's virt board.</summary>
    public const int GicSpis = 256;

    /// <summary>Guest memory that a head may name: no more is addressed by a GIC in practice.</summary>
    public const ulong MemoryBytes = 1UL << 42;

    /// <summary>Guest physical addresses have at most 52 bits.</summary>
    public const ulong HighestAddress = (1UL << 52) - 1;

    /// <summary>Bytes of one fill: the greatest table that a GITS_BASER can name.</summary>
    public const int FillBytes = 256 * 64 * 1024;

    /// <summary>Bytes of all fills together: thousands of boots of the largest machine, and seconds of work.</summary>
    public const long FilledBytes = 16L << 30;

    /// <summary>
    /// Guest memory that a replay keeps: what was written and is not zero. Tables of a machine of 512 CPUs take a tenth of it;
    /// a file that writes here and there must not fill the host's.
    /// </summary>
    public const int KeptMemoryBytes = 128 * 1024 * 1024;
}
