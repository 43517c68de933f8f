namespace Trapline.Devices.LoongArch.Profiles;

/// <summary>Row D7: what a write to a SEND register does that names a CPU which does not exist.</summary>
public enum UnknownTarget : byte
{
    /// <summary>Nothing.</summary>
    Ignored,

    /// <summary>IPI_SEND nothing; MAIL_SEND and ANY_SEND leave for user space.</summary>
    MailAndAnyExit,

    /// <summary>The emulator dies (QEMU 7.2 follows a null pointer). Here the device refuses, and the report says so.</summary>
    Crash,
}
