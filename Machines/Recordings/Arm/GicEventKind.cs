namespace Trapline.Machines.Recordings.Arm;

/// <summary>What a line of a GICv3 recording says; the letters are those of the grammar.</summary>
internal enum GicEventKind : byte
{
    /// <summary><c>W</c>: the guest writes a register. Input.</summary>
    Write,

    /// <summary><c>R</c>: the guest reads a register; what it got.</summary>
    Read,

    /// <summary><c>A</c>: the guest reads ICC_IAR1_EL1; what it got.</summary>
    Acknowledge,

    /// <summary><c>E</c>: the guest writes ICC_EOIR1_EL1. Input.</summary>
    End,

    /// <summary><c>D</c>: the guest writes ICC_DIR_EL1. Input.</summary>
    Deactivate,

    /// <summary><c>I</c>: the IRQ input of a CPU has changed.</summary>
    CpuLine,

    /// <summary><c>L spi</c>: the wire of an SPI changes. Input.</summary>
    SpiLine,

    /// <summary><c>L ppi</c>: the wire of a PPI changes. Input.</summary>
    PpiLine,

    /// <summary><c>M</c>: a device writes an event to GITS_TRANSLATER. Input.</summary>
    Message,

    /// <summary><c>C</c>: a command stands in the queue. Input.</summary>
    Command,

    /// <summary><c>P</c>: the guest stores a byte of the LPI property table. Input.</summary>
    Property,

    /// <summary><c>F</c>: memory holds so many bytes of one value. Input.</summary>
    Fill,

    /// <summary><c>S</c>: the guest stores to memory that a register points at. Input.</summary>
    Store,

    /// <summary><c>K cpu off</c>: PSCI CPU_OFF. Input.</summary>
    CpuOff,

    /// <summary><c>K cpu on</c>: the CPU interface is reset. Input.</summary>
    CpuOn,

    /// <summary><c>Z</c>: the system is reset. Input.</summary>
    Reset,
}
