using Trapline.Host.Commands;
using Trapline.Host.Reports;
using Xunit;

namespace Trapline.Host.Tests;

public sealed class OutputFolderTests : IDisposable
{
    private static readonly string[] Written = ["counters.csv", "exits.csv", "interrupts.csv", "latencies.csv", "locks.csv", "report.html", "report.json"];

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_report_replaces_the_old_one_and_leaves_nothing_else()
    {
        var path = _folder.PathOf("deep", "out");
        using var files = OutputFolder.Open(path);
        files.WriteReport(Fakes.Report(Fakes.Variant()));
        files.WriteReport(Fakes.Report(Fakes.Variant()) with { Seed = 8 });

        Assert.Contains("\"seed\": 8,", File.ReadAllText(Path.Combine(path, "report.json")), StringComparison.Ordinal);
        Assert.Equal(Written, Directory.GetFileSystemEntries(path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_report_of_an_earlier_run_goes_with_its_page_and_tables_and_nothing_else_does()
    {
        using var files = OutputFolder.Open(_folder.Root);
        files.WriteReport(Fakes.Report(Fakes.Variant()));
        File.WriteAllText(_folder.PathOf("mine.csv"), "1");
        files.RemoveOldReport();

        Assert.Equal(["mine.csv"], Directory.GetFileSystemEntries(_folder.Root).Select(Path.GetFileName));
    }

    [Fact]
    public void Its_own_files_are_known_by_any_name()
    {
        using var files = OutputFolder.Open(_folder.Root);

        Assert.All([.. Written, "journal.jsonl"], name => Assert.True(files.Owns(_folder.PathOf("x", "..", name!))));
        Assert.False(files.Owns(_folder.PathOf("mine.csv")));
    }

    [Fact]
    public void Opening_writes_nothing_that_stays()
    {
        using var files = OutputFolder.Open(_folder.PathOf("out"));

        Assert.Empty(Directory.GetFileSystemEntries(_folder.PathOf("out")));
    }

    [Fact]
    public void A_report_that_cannot_be_put_in_place_leaves_no_temporary_file()
    {
        using var files = OutputFolder.Open(_folder.Root);
        Directory.CreateDirectory(_folder.PathOf("report.json", "in-the-way"));

        var failure = Assert.Throws<CommandException>(() => files.WriteReport(Fakes.Report(Fakes.Variant())));

        Assert.Equal(ExitCodes.Environment, failure.ExitCode);
        Assert.Equal(Written, Directory.GetFileSystemEntries(_folder.Root).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.True(Directory.Exists(_folder.PathOf("report.json")));
    }

    [Fact]
    public void A_full_disk_during_the_writing_is_reported_and_nothing_half_written_stays()
    {
        // The device that is always full stands where the temporary file will be made.
        if (!File.Exists("/dev/full"))
        {
            Assert.Skip("this system has no /dev/full");
        }

        using var files = OutputFolder.Open(_folder.Root);
        File.CreateSymbolicLink(_folder.PathOf($".report.json.{Environment.ProcessId}.tmp"), "/dev/full");

        var failure = Assert.Throws<CommandException>(() => files.WriteReport(Fakes.Report(Fakes.Variant())));

        Assert.Contains("No space left on device", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Root));
    }

    [Theory]
    [InlineData("/proc/trapline")]
    [InlineData("/dev/null/out")]
    public void A_folder_that_cannot_be_made_is_found_before_the_run(string path)
    {
        var failure = Assert.Throws<CommandException>(() => OutputFolder.Open(path));

        Assert.Equal(ExitCodes.Environment, failure.ExitCode);
        Assert.Contains("choose another with --out", failure.Message, StringComparison.Ordinal);
    }
}
