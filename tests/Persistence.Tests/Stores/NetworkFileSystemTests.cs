using Trapline.Persistence.Sqlite;
using Xunit;

namespace Trapline.Persistence.Tests.Stores;

/// <summary>Which file systems are another machine's, from lines as Linux writes them.</summary>
[Trait("Runs", "Once")]
public sealed class NetworkFileSystemTests
{
    private static readonly string[] Mounts =
    [
        "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
        "30 22 0:40 / /home rw,relatime shared:2 - nfs4 server:/home rw,vers=4.2",
        "31 30 8:2 / /home/local rw master:3 propagate_from:4 - xfs /dev/sdb1 rw",
        "32 22 0:41 / /mnt/a\\040share rw - cifs //server/share rw",
        "33 22 0:42 / /mnt/ssh rw - fuse.sshfs me@host: rw",
        "34 22 0:43 / /mnt/overlay rw - fuse.fuse-overlayfs overlay rw",
        "35 22 0:44 / /srv rw - nfs server:/srv rw",
        "36 22 8:3 / /srv rw - ext4 /dev/sdc1 rw",
        "a line that is none",
    ];

    [Theory]
    [InlineData("/tmp/x.db", null)]
    [InlineData("/home/me/x.db", "nfs4")]
    [InlineData("/homeless/x.db", null)]
    [InlineData("/home/local/x.db", null)]
    [InlineData("/mnt/a share/x.db", "cifs")]
    [InlineData("/mnt/ssh/x.db", "fuse.sshfs")]
    [InlineData("/mnt/overlay/x.db", null)]
    [InlineData("/srv/x.db", null)]
    public void The_mount_that_is_nearest_decides(string path, string? type) => Assert.Equal(type, NetworkFileSystem.Find(path, Mounts));

    [Fact]
    public void The_folder_of_the_tests_is_local_also_through_a_link()
    {
        using var folder = new TestFolder();
        File.CreateSymbolicLink(folder.PathOf("link"), folder.PathOf());
        Assert.Null(NetworkFileSystem.Find(folder.PathOf("link", "missing", "x.db")));
    }
}
