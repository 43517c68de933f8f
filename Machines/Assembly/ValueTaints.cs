namespace Trapline.Machines.Assembly;

/// <summary>What an expression's value was made of.</summary>
[Flags]
internal enum ValueTaints
{
    None = 0,

    /// <summary>A symbol whose definition had an error: the value means nothing, and that is already reported.</summary>
    Invalid = 1,

    /// <summary>An offset in the per-CPU areas, no address.</summary>
    PerCpu = 2,

    /// <summary>An address, of a label or of a shared symbol.</summary>
    Address = 4,
}
