namespace Trapline.Machines.Assembly;

internal enum SymbolKind
{
    /// <summary>A constant of the assembler or its caller.</summary>
    Predefined,
    Constant,
    Parameter,
    Label,
    Shared,
    PerCpu,

    /// <summary>Defined, but with an error that is reported; what uses it is not reported again.</summary>
    Invalid,
}
