using Trapline.Machines.Text;

namespace Trapline.Persistence.Sqlite;

/// <summary>
/// Finds out whether a file lies on a file system of another machine. SQLite must not be used there: locks are lost or granted twice, and two
/// writers destroy the file (https://www.sqlite.org/faq.html#q5, https://www.sqlite.org/howtocorrupt.html).
/// </summary>
internal static class NetworkFileSystem
{
    private const string MountTable = "/proc/self/mountinfo";
    private const int MountPointField = 4;

    /// <summary>Types as the kernel names them in its table of mounts; those with FUSE behind them carry its prefix.</summary>
    private static readonly string[] Types =
    [
        "nfs", "nfs4", "cifs", "smbfs", "smb2", "smb3", "afs", "ncpfs", "coda", "davfs",
        "fuse.sshfs", "fuse.rclone", "fuse.s3fs", "fuse.gcsfuse", "fuse.davfs", "fuse.davfs2", "fuse.smbnetfs", "fuse.curlftpfs",
    ];

    /// <summary>Type of the network file system that a file is or would be on; null for one of this machine.</summary>
    public static string? Find(string path)
    {
        var real = Resolve(Path.GetFullPath(path));
        try
        {
            if (File.Exists(MountTable))
            {
                return Find(real, File.ReadLines(MountTable));
            }

            var drive = new DriveInfo(Path.GetPathRoot(real)!);
            return drive.DriveType == DriveType.Network ? drive.DriveFormat : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A machine that does not tell; SQLite's own locks then are what there is.
            return null;
        }
    }

    /// <param name="path">Absolute, links followed.</param>
    /// <param name="mounts">Lines of <c>/proc/self/mountinfo</c>; of mounts over one another the last counts.</param>
    public static string? Find(string path, IEnumerable<string> mounts)
    {
        var (longest, type) = (-1, "");
        foreach (var fields in mounts.Select(line => line.Split(' ')))
        {
            // "36 35 98:0 / /mnt/a\040b rw,noatime master:1 - ext3 /dev/root rw": how many fields stand before the dash varies.
            var dash = Array.IndexOf(fields, "-");
            if (dash < MountPointField || dash + 1 >= fields.Length)
            {
                continue;
            }

            var mount = Unescape(fields[MountPointField]);
            if (mount.Length >= longest && IsWithin(path, mount))
            {
                (longest, type) = (mount.Length, fields[dash + 1]);
            }
        }

        return Types.Contains(type) ? type : null;
    }

    /// <exception cref="CheckpointException">It is on one.</exception>
    public static void Refuse(string path)
    {
        if (Find(path) is { } type)
        {
            throw new CheckpointException(
                CheckpointFailure.Environment,
                $"{Quoted.Show(path)} is on a network file system ({type}), where SQLite cannot lock it: name a file on a local disk with --store, or a PostgreSQL database");
        }
    }

    private static bool IsWithin(string path, string mount)
        => mount == "/" || path == mount || (path.StartsWith(mount, StringComparison.Ordinal) && path[mount.Length] == '/');

    /// <summary>The table writes blanks and what else would disturb it in octal: <c>\040</c>.</summary>
    private static string Unescape(string text)
        => text.Replace("\\040", " ").Replace("\\011", "\t").Replace("\\012", "\n").Replace("\\134", "\\");

    /// <summary>Follows the links in every part of a path, as far as it exists.</summary>
    private static string Resolve(string path)
    {
        var real = "/";
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, name);
            try
            {
                real = new FileInfo(real).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? real;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // Beyond it nothing exists, or nothing can be seen: opening it will say so.
            }
        }

        return real;
    }
}
