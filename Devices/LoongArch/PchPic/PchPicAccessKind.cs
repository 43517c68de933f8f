namespace Trapline.Devices.LoongArch.PchPic;

/// <summary>What an access to PCH-PIC is to the bus that carries it.</summary>
internal enum PchPicAccessKind : byte
{
    /// <summary>One access.</summary>
    Whole,

    /// <summary>Two, of the register's low half and then of its high half.</summary>
    Halves,

    /// <summary>Refused before the device looks at it: not counted either.</summary>
    Misaligned,

    /// <summary>The bus has no such access here: it faults in the guest.</summary>
    Faulting,
}
