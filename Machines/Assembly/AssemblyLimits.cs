using Trapline.Actors.Guests;

namespace Trapline.Machines.Assembly;

/// <summary>What a guest's source may need at most. Sources are input from outside: each limit bounds time or memory.</summary>
public static class AssemblyLimits
{
    /// <summary>Bytes of one source file.</summary>
    public const int FileBytes = 1 << 20;

    /// <summary>Characters of one line, before and after macro expansion.</summary>
    public const int LineLength = 4096;

    /// <summary>Lines of all files, macro expansions and repetitions together.</summary>
    public const int Lines = 1_000_000;

    /// <summary>Characters of all files, macro expansions and repetitions together.</summary>
    public const int Characters = 8 << 20;

    public const int IncludeDepth = 16;

    /// <summary>Macro expansions and repetitions inside one another.</summary>
    public const int MacroDepth = 64;

    public const int MacroParameters = 32;

    /// <summary>Instructions and the gaps of <c>.org</c> and <c>.align</c>: 256 KiB of addresses.</summary>
    public const int Instructions = 65_536;

    /// <summary>Of those with first content, and the small ones.</summary>
    public const int SharedBytes = 16 << 20;

    /// <summary>4 KiB of each per-CPU area are left for the stack.</summary>
    public const int PerCpuBytes = (int)GuestLayout.PerCpuStride - 4096;

    public const int ExpressionDepth = 64;

    public const int ExpressionTerms = 256;

    public const int Operands = 8;

    /// <summary>Different counters, marks or texts: what <see cref="Instruction.Text"/> can number.</summary>
    public const int Names = 65_535;

    /// <summary>Errors reported before the assembler gives up.</summary>
    public const int Errors = 20;
}
