using Trapline.Actors.Guests;

namespace Trapline.Actors.Memory;

/// <summary>Where an address is at home: per-CPU areas with their vCPU, the rest with the board.</summary>
public static class MemoryMap
{
    /// <summary>The home of what is no per-CPU area.</summary>
    public const int Board = -1;

    /// <summary>Index of the vCPU whose group holds the address, or <see cref="Board"/>; false beyond the end of memory.</summary>
    public static bool TryFindHome(ulong address, int vcpus, out int home)
    {
        var area = (address - GuestProgram.PerCpuBase) / GuestProgram.PerCpuStride;
        home = address >= GuestProgram.PerCpuBase && area < (ulong)vcpus ? (int)area : Board;
        return address < GuestProgram.MemoryEnd;
    }

    public static ulong PerCpuArea(int vcpu) => GuestProgram.PerCpuBase + ((ulong)vcpu * GuestProgram.PerCpuStride);
}
