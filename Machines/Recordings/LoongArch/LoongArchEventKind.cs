namespace Trapline.Machines.Recordings.LoongArch;

/// <summary>What a line of a recording says; the letters are those of the grammar.</summary>
internal enum LoongArchEventKind : byte
{
    /// <summary><c>W</c>: the guest writes. Input.</summary>
    Write,

    /// <summary><c>R</c>: the guest reads; what it got.</summary>
    Read,

    /// <summary><c>w</c>: a write that the controller itself makes because of the guest's write just before.</summary>
    NestedWrite,

    /// <summary><c>r</c>: a read that the controller itself makes.</summary>
    NestedRead,

    /// <summary><c>L</c>: a PCH-PIC pin changes. Input.</summary>
    PicPin,

    /// <summary><c>l</c>: a PCH-PIC pin is driven to the level that it has. Input.</summary>
    PicPinAgain,

    /// <summary><c>M</c>: a device writes a message interrupt to the doorbell. Input.</summary>
    MessageInterrupt,

    /// <summary><c>X</c>: an EIOINTC input changes.</summary>
    VectorPin,

    /// <summary><c>x</c>: an EIOINTC input is driven to the level that it has.</summary>
    VectorPinAgain,

    /// <summary><c>O</c>: an interrupt input of a CPU changes.</summary>
    CpuLine,

    /// <summary><c>o</c>: an interrupt input of a CPU is driven to the level that it has.</summary>
    CpuLineAgain,

    /// <summary><c>I</c>: a CPU takes an interrupt.</summary>
    Interrupt,
}
