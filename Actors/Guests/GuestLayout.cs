namespace Trapline.Actors.Guests;

/// <summary>
/// Where things lie in guest memory, and where each address is at home: per-CPU areas with their vCPU, but for tables in them, the rest with the board.
/// </summary>
public sealed record GuestLayout
{
    /// <summary>The home of what is no per-CPU area.</summary>
    public const int Board = -1;

    /// <summary>Bytes of a per-CPU area: symbols from its start, the stack downwards from its end.</summary>
    public const ulong PerCpuStride = 0x1_0000;

    /// <summary>Bytes of a page, the least that has a home of its own.</summary>
    public const int PageBytes = 4096;

    /// <summary>128 MiB from 0; Linux for LoongArch is linked to the same physical address as <see cref="TextBase"/>. 256 per-CPU areas fit.</summary>
    public static readonly GuestLayout LoongArch = new()
    {
        MemoryStart = 0,
        TextBase = 0x0020_0000,
        SharedBase = 0x0100_0000,
        LargeBase = 0x0100_0000,
        PerCpuBase = 0x0400_0000,
        MemoryEnd = 0x0800_0000,
    };

    /// <summary>
    /// 256 MiB from where RAM starts on QEMU's machine <c>virt</c>. Text is 2 MiB above the start, as Linux for arm64 wants it; 512 per-CPU
    /// areas fit; tables of a GIC and an ITS have 96 MiB.
    /// </summary>
    public static readonly GuestLayout Arm = new()
    {
        MemoryStart = 0x4000_0000,
        TextBase = 0x4020_0000,
        SharedBase = 0x4100_0000,
        LargeBase = 0x4200_0000,
        PerCpuBase = 0x4800_0000,
        MemoryEnd = 0x5000_0000,
        HasPerCpuTables = true,
    };

    /// <summary>Start of guest memory; below it loads and stores fault.</summary>
    public required ulong MemoryStart { get; init; }

    /// <summary>Where text starts.</summary>
    public required ulong TextBase { get; init; }

    /// <summary>
    /// Of each per-CPU area the pages, a bit each, that are at home with the board after all: tables of its devices. A GIC reaches no other memory.
    /// </summary>
    public ushort BoardPages { get; init; }

    /// <summary>Where <c>.shared</c> symbols live, homed at the board.</summary>
    public required ulong SharedBase { get; init; }

    /// <summary>
    /// Where those without first content live that are large (64 KiB and more), up to <see cref="PerCpuBase"/>: no image has to span them. As
    /// <see cref="SharedBase"/> where they are not set apart.
    /// </summary>
    public required ulong LargeBase { get; init; }

    /// <summary>Where the per-CPU areas live: CPU i's at <c>PerCpuBase + i * PerCpuStride</c>, homed at its vCPU's group.</summary>
    public required ulong PerCpuBase { get; init; }

    /// <summary>Whether per-CPU symbols that begin a page are taken for tables that a device on the board works in.</summary>
    public bool HasPerCpuTables { get; init; }

    /// <summary>End of guest memory; beyond it loads and stores fault.</summary>
    public required ulong MemoryEnd { get; init; }

    /// <summary>Whether there is memory at an address.</summary>
    public bool IsMemory(ulong address) => address >= MemoryStart && address < MemoryEnd;

    /// <summary>Index of the vCPU whose group holds the address, or <see cref="Board"/>; false where there is no memory.</summary>
    public bool TryFindHome(ulong address, int vcpus, out int home)
    {
        var area = (address - PerCpuBase) / PerCpuStride;
        home = address >= PerCpuBase && area < (ulong)vcpus && (BoardPages >> (int)(address % PerCpuStride / PageBytes) & 1) == 0 ? (int)area : Board;
        return IsMemory(address);
    }

    /// <summary>Where the area of a vCPU starts.</summary>
    public ulong PerCpuArea(int vcpu) => PerCpuBase + ((ulong)vcpu * PerCpuStride);
}
