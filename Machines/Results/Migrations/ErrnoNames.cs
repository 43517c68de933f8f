using Trapline.Devices.Common;

namespace Trapline.Machines.Results.Migrations;

/// <summary>Errors of the kernel's interfaces by name.</summary>
internal static class ErrnoNames
{
    /// <param name="error">A negative number of Linux's errno.h.</param>
    public static string Of(int error) => error switch
    {
        Errno.NotPermitted => "EPERM",
        Errno.NoSuchAddress => "ENXIO",
        Errno.BadFile => "EBADF",
        Errno.TryAgain => "EAGAIN",
        Errno.BadAddress => "EFAULT",
        Errno.Busy => "EBUSY",
        Errno.Exists => "EEXIST",
        Errno.NoSuchDevice => "ENODEV",
        Errno.InvalidArgument => "EINVAL",
        Errno.NotTypewriter => "ENOTTY",
        _ => $"errno {-error}",
    };
}
