namespace Trapline.Actors.Vcpus;

/// <summary>Why an instruction could not be carried out; the architecture gives each its own code.</summary>
public enum GuestFault : byte
{
    /// <summary>No such instruction; also memory that holds no code.</summary>
    Undefined,

    /// <summary>A fetch that is not aligned, or beyond the end of memory.</summary>
    BadFetch,

    /// <summary>The privilege level does not allow it.</summary>
    Privilege,

    /// <summary>A load or store that is not aligned to its width.</summary>
    Misaligned,

    /// <summary>A load or store beyond the end of memory.</summary>
    BadAddress,

    SystemCall,
    Breakpoint,
}
