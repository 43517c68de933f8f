namespace Trapline.Devices.Common;

/// <summary>Results of the kernel's interfaces: 0, or a negative number of Linux's errno.h.</summary>
public static class Errno
{
    public const int Success = 0;

    /// <summary>EPERM, operation not permitted.</summary>
    public const int NotPermitted = -1;

    /// <summary>ENOENT, no such file or entry.</summary>
    public const int NoSuchEntry = -2;

    /// <summary>ENXIO, no such device or address.</summary>
    public const int NoSuchAddress = -6;

    /// <summary>E2BIG, argument list too long.</summary>
    public const int TooBig = -7;

    /// <summary>ENOEXEC, exec format error.</summary>
    public const int NotExecutable = -8;

    /// <summary>EBADF, bad file number.</summary>
    public const int BadFile = -9;

    /// <summary>EAGAIN, try again.</summary>
    public const int TryAgain = -11;

    /// <summary>ENOMEM, out of memory.</summary>
    public const int OutOfMemory = -12;

    /// <summary>EFAULT, bad address.</summary>
    public const int BadAddress = -14;

    /// <summary>EBUSY, device or resource busy.</summary>
    public const int Busy = -16;

    /// <summary>EEXIST, file exists.</summary>
    public const int Exists = -17;

    /// <summary>ENODEV, no such device.</summary>
    public const int NoSuchDevice = -19;

    /// <summary>EINVAL, invalid argument.</summary>
    public const int InvalidArgument = -22;

    /// <summary>ENOTTY, inappropriate ioctl for device.</summary>
    public const int NotTypewriter = -25;
}
