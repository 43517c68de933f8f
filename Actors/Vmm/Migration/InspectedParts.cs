namespace Trapline.Actors.Vmm.Migration;

/// <summary>What is looked at on one side of a migration.</summary>
[Flags]
internal enum InspectedParts
{
    /// <summary>Everything that has registers.</summary>
    Registers = 1,

    /// <summary>Homes of guest memory.</summary>
    Memory = 2,

    All = Registers | Memory,
}
