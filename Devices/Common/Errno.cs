namespace Trapline.Devices.Common;

/// <summary>Results of the kernel's interfaces: 0, or a negative number of Linux's errno.h.</summary>
public static class Errno
{
    public const int Success = 0;

    /// <summary>EINVAL, invalid argument.</summary>
    public const int InvalidArgument = -22;
}
