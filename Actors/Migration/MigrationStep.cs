namespace Trapline.Actors.Migration;

/// <summary>The steps of a migration, in their order. The switch lies in <see cref="Handover"/>: before it the source may go on, after it the destination alone.</summary>
public enum MigrationStep : byte
{
    /// <summary>The destination makes an empty VM; the source starts to log dirty pages.</summary>
    Setup,

    /// <summary>Pages are copied, round after round, while the guest runs.</summary>
    Precopy,

    /// <summary>vCPUs halt at an instruction boundary, then sources of interrupts come to rest, then nothing is in flight.</summary>
    Stop,

    /// <summary>The source gets all state through the boundary, and the pages that are left are copied.</summary>
    Save,

    /// <summary>State travels.</summary>
    Transfer,

    /// <summary>The destination sets it into fresh devices, in the order that the interface requires.</summary>
    Load,

    /// <summary>The source lets go of the VM's disk image, and the destination takes it.</summary>
    Handover,

    /// <summary>Sources of interrupts and vCPUs run again, at the destination; the source destroys what it has.</summary>
    Resume,

    /// <summary>Over.</summary>
    Done,
}
