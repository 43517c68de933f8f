namespace Trapline.Machines.Recordings.Arm;

/// <summary>What the head of a GICv3 recording says about the machine.</summary>
/// <param name="Name">Of the recording.</param>
/// <param name="Recorder">Who emulated the machine: <c>qemu 11.1.3</c>; empty where the head does not say.</param>
/// <param name="Cpus">How many CPUs.</param>
/// <param name="MemoryBytes">Guest memory from <see cref="MemoryBase"/> on.</param>
/// <param name="HasIts">Unless the machine was started with <c>its=off</c>.</param>
/// <param name="HasUnmaskable">Its CPUs have FEAT_NMI, and so its distributor GICv3.3's.</param>
/// <param name="Counts">Events by letter; empty where the head does not say.</param>
internal sealed record GicHeader(string Name, string Recorder, int Cpus, ulong MemoryBytes, bool HasIts, bool HasUnmaskable, IReadOnlyDictionary<char, long> Counts)
{
    /// <summary>Where the virt board has its memory.</summary>
    public const ulong MemoryBase = 0x4000_0000;
}
