namespace Trapline.Actors.Guests;

/// <summary>
/// An assembled guest: immutable, shared by all vCPUs. Each instruction takes 4 bytes of address from
/// <see cref="GuestLayout.TextBase"/>; addresses without one hold <see cref="Opcode.Undefined"/>.
/// </summary>
public sealed class GuestProgram
{
    public const int InstructionBytes = 4;

    private GuestLayout? _layout;

    /// <summary>For which architecture it was written.</summary>
    public GuestArchitecture Architecture { get; init; } = GuestArchitecture.LoongArch;

    /// <summary>Where its parts lie in memory.</summary>
    public GuestLayout Layout => _layout ??= PerCpuTablePages == 0 ? Architecture.Layout : Architecture.Layout with { BoardPages = PerCpuTablePages };

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

    /// <summary>First content of shared memory, from <see cref="GuestLayout.SharedBase"/>; what follows it is zero.</summary>
    public required byte[] SharedImage { get; init; }

    /// <summary>First content of every per-CPU area, from its start.</summary>
    public required byte[] PerCpuImage { get; init; }

    /// <summary>Bytes of shared symbols, at least the image's; large ones that lie apart are not among them.</summary>
    public required int SharedBytes { get; init; }

    public required int PerCpuBytes { get; init; }

    /// <summary>Pages of each per-CPU area that hold tables for devices, a bit each.</summary>
    public ushort PerCpuTablePages { get; init; }

    /// <summary>Labels and data symbols with their addresses (per-CPU symbols: offsets).</summary>
    public required IReadOnlyDictionary<string, ulong> Symbols { get; init; }

    /// <summary>True if a <c>random</c> instruction occurs: the seed can then decide something.</summary>
    public required bool DrawsRandom { get; init; }
}
