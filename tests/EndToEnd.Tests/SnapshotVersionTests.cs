using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace Trapline.EndToEnd.Tests;

/// <summary>
/// A snapshot of each version of the rows of saved groups, as some program once wrote it. It is imported, restored and run to the end that its name
/// says: <c>VERSION-SCENARIO-DIGEST.trapline-snapshot</c>.
/// </summary>
[Trait("Runs", "Once")]
public sealed class SnapshotVersionTests : IDisposable
{
    private const string Extension = ".trapline-snapshot";

    private static readonly string Folder = Path.Combine(Trapline.Root, "tests", "EndToEnd.Tests", "snapshots");

    private readonly WorkFolder _folder = new();

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Folder, "*" + Extension).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_snapshot_that_an_earlier_program_wrote_is_carried_on_to_the_same_end(string name)
    {
        var digest = name.Split('-')[^1];
        using var import = Trapline.Run(_folder.Path, 0, "snapshot", "import", Path.Combine(Folder, name + Extension), "--store", "a.db");
        using var verify = Trapline.Run(_folder.Path, 0, "snapshot", "verify", "--store", "a.db");
        using var list = Trapline.Run(_folder.Path, 0, "snapshot", "list", "--store", "a.db", "--json");
        var id = (string)JsonNode.Parse(list.Output)!["checkpoints"]!.AsArray().Single()!["id"]!;

        using var run = Trapline.Run(_folder.Path, 0, "run", "--restore", id, "--store", "a.db", "--json");

        Assert.Equal(digest, (string)JsonNode.Parse(run.Output)!["digest"]!);
    }

    [Fact]
    public void Every_version_has_its_snapshot()
    {
        var source = File.ReadAllText(Path.Combine(Trapline.Root, "Actors", "Kernel", "GroupSchema.cs"));
        var current = int.Parse(Regex.Match(source, @"Version = (\d+);").Groups[1].Value, CultureInfo.InvariantCulture);
        var there = Files.Select(row => row.Data.Split('-')[0]).Distinct();

        Assert.Equal(Enumerable.Range(1, current).Select(version => version.ToString(CultureInfo.InvariantCulture)), there);
    }

    public void Dispose() => _folder.Dispose();
}
