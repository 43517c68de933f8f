using Xunit;

namespace Trapline.Persistence.Tests.Killing;

/// <summary>A disk that fails in the middle of a transaction, which SQLite then undoes by itself.</summary>
[Trait("Runs", "Once")]
public sealed class FailingDiskTests
{
    [Fact]
    public async Task What_failed_is_told_and_what_was_saved_is_there()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no limit of a file's size");
        using var folder = new TestFolder();
        var account = new SaverProcess.Account();
        using var saver = SaverProcess.OfSmallFiles(blocks: 8192, folder.PathOf("store.db"), bytes: 1 << 20, keep: 100);
        Assert.Contains("the disk failed", await saver.FailAsync(account), StringComparison.Ordinal);
        Assert.NotEmpty(account.MustBeThere);
        using var store = CheckpointStores.Open(folder.PathOf("store.db"));
        Assert.Equal(account.MustBeThere.Keys.Order(StringComparer.Ordinal), store.List().Select(stored => stored.Id).Order(StringComparer.Ordinal));
        Assert.All(account.MustBeThere.Keys, id => store.Load(id));
    }

    [Fact]
    public async Task A_store_that_cannot_be_made_says_what_failed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no limit of a file's size");
        using var folder = new TestFolder();
        var account = new SaverProcess.Account();
        using var saver = SaverProcess.OfSmallFiles(blocks: 20, folder.PathOf("store.db"), bytes: 1000, keep: 100);
        Assert.Contains("the disk failed", await saver.FailAsync(account), StringComparison.Ordinal);
        Assert.Empty(account.MustBeThere);
    }
}
