namespace Trapline.Actors.Guests;

/// <summary>
/// An assembled guest: immutable, shared by all vCPUs. Each instruction takes 4 bytes of address from
/// <see cref="TextBase"/>; addresses without one hold <see cref="Opcode.Undefined"/>.
/// </summary>
public sealed class GuestProgram
{
    /// <summary>Where text starts; Linux for LoongArch is linked to the same physical address.</summary>
    public const ulong TextBase = 0x0020_0000;

    public const int InstructionBytes = 4;

    /// <summary>Where <c>.shared</c> symbols live, homed at the board.</summary>
    public const ulong SharedBase = 0x0100_0000;

    /// <summary>Where the per-CPU areas live: CPU i's at <c>PerCpuBase + i * PerCpuStride</c>, homed at its vCPU's group.</summary>
    public const ulong PerCpuBase = 0x0400_0000;

    /// <summary>Bytes of a per-CPU area: symbols from its start, the stack downwards from its end. 256 of them fit before the end of memory.</summary>
    public const ulong PerCpuStride = 0x1_0000;

    /// <summary>End of guest memory, 128 MiB; beyond it loads and stores fault.</summary>
    public const ulong MemoryEnd = 0x0800_0000;

    public required Instruction[] Instructions { get; init; }

    /// <summary>As long as <see cref="Instructions"/>.</summary>
    public required SourceLocation[] Locations { get; init; }

    /// <summary>Paths as the author would recognise them.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    public required ulong EntryPoint { get; init; }

    /// <summary>Names of counters, in order of first appearance.</summary>
    public required IReadOnlyList<string> Counters { get; init; }

    public required IReadOnlyList<string> Marks { get; init; }

    /// <summary>Texts of <c>assert</c>; empty where none was given.</summary>
    public required IReadOnlyList<string> Assertions { get; init; }

    /// <summary>First content of shared memory, from <see cref="SharedBase"/>; what follows it is zero.</summary>
    public required byte[] SharedImage { get; init; }

    /// <summary>First content of every per-CPU area, from its start.</summary>
    public required byte[] PerCpuImage { get; init; }

    /// <summary>Bytes of shared symbols, at least the image's.</summary>
    public required int SharedBytes { get; init; }

    public required int PerCpuBytes { get; init; }

    /// <summary>Labels and data symbols with their addresses (per-CPU symbols: offsets).</summary>
    public required IReadOnlyDictionary<string, ulong> Symbols { get; init; }

    /// <summary>True if a <c>random</c> instruction occurs: the seed can then decide something.</summary>
    public required bool DrawsRandom { get; init; }
}
