namespace Trapline.Devices.Common;

/// <summary>What became of a register access.</summary>
public enum AccessOutcome : byte
{
    /// <summary>The device did it. A read that the device refuses and the profile swallows is this too, with the value 0.</summary>
    Done,

    /// <summary>The device refused it and the profile hands it to user space, which finds nothing there.</summary>
    UserSpace,

    /// <summary>The access faults in the guest: an address error of the memory access (LoongArch ADEM).</summary>
    Fault,
}
