using System.Text.Json;
using Trapline.Messages;
using Trapline.Persistence;
using Xunit;

namespace Trapline.Host.Tests;

public sealed class SnapshotCommandTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Store => _folder.PathOf("store.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_store_that_does_not_exist_has_nothing_and_is_not_made()
    {
        Assert.Contains($"there is no store {Store} yet", Run(ExitCodes.Done, "list").Output, StringComparison.Ordinal);
        var list = Json(Run(ExitCodes.Done, "list", "--json"));
        Assert.Equal((Store, false, 0), (list.GetProperty("store").GetString(), list.GetProperty("exists").GetBoolean(), list.GetProperty("checkpoints").GetArrayLength()));
        Run(ExitCodes.Done, "verify");
        Run(ExitCodes.Done, "prune", "--keep", "1");
        Assert.Contains("there is no store", Run(ExitCodes.Usage, "verify", "abc").Error, StringComparison.Ordinal);
        Assert.Contains("there is no store", Run(ExitCodes.Usage, "export", "abc", "--out", _folder.PathOf("x")).Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(Store));
    }

    [Fact]
    public void The_list_has_a_line_for_each_and_its_object_all_that_is_known()
    {
        var ids = Save(1, 2);
        var text = Run(ExitCodes.Done, "list").Output;
        Assert.All(ids, id => Assert.Contains(id, text, StringComparison.Ordinal));
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 80));

        var row = Json(Run(ExitCodes.Done, "list", "--json")).GetProperty("checkpoints")[1];
        Assert.Equal(ids[1], row.GetProperty("id").GetString());
        Assert.Equal("storm", row.GetProperty("scenario").GetString());
        Assert.Equal(7UL, row.GetProperty("seed").GetUInt64());
        Assert.Equal(2_000.5m, row.GetProperty("atNs").GetDecimal());
        Assert.Equal((1, 100), (row.GetProperty("parts").GetInt32(), row.GetProperty("bytes").GetInt32()));
        Assert.True(row.GetProperty("savedAt").TryGetDateTimeOffset(out _));
    }

    [Fact]
    public void An_exported_checkpoint_is_imported_into_another_store_under_the_same_id()
    {
        var id = Save(1).Single();
        var file = _folder.PathOf("one.trapline-snapshot");
        Assert.Equal(id, Json(Run(ExitCodes.Done, "export", id[..8], "--out", file, "--json")).GetProperty("id").GetString());
        Assert.Contains("--force", Run(ExitCodes.Usage, "export", id, "--out", file).Error, StringComparison.Ordinal);
        Run(ExitCodes.Done, "export", id, "--out", file, "--force");

        var other = _folder.PathOf("other.db");
        Assert.Contains($"imported {id}", RunOn(other, ExitCodes.Done, "import", file).Output, StringComparison.Ordinal);
        var again = Json(RunOn(other, ExitCodes.Done, "import", file, "--json")).GetProperty("files")[0];
        Assert.Equal((id, false), (again.GetProperty("id").GetString(), again.GetProperty("added").GetBoolean()));
        Assert.Contains($"ok {id}", RunOn(other, ExitCodes.Done, "verify").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_imported_if_one_file_is_not_whole()
    {
        var id = Save(1).Single();
        var (good, bad, other) = (_folder.PathOf("good"), _folder.PathOf("bad"), _folder.PathOf("other.db"));
        Run(ExitCodes.Done, "export", id, "--out", good);
        File.WriteAllBytes(bad, File.ReadAllBytes(good)[..^1]);
        Assert.Contains("cut off", RunOn(other, ExitCodes.Usage, "import", good, bad).Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(other));
    }

    [Theory]
    [InlineData("scenario.yaml")]
    [InlineData("/dev/null")]
    [InlineData("")]
    public void What_people_write_by_hand_and_devices_are_not_overwritten(string file)
        => Run(ExitCodes.Usage, "export", Save(1).Single(), "--out", file, "--force");

    [Fact]
    public void An_altered_checkpoint_does_not_verify()
    {
        var ids = Save(1, 2);
        var bytes = File.ReadAllBytes(Store);
        // The name of the only part of the second one, as it lies in the file.
        var at = bytes.AsSpan().LastIndexOf("part-2"u8);
        bytes[at] ^= 0x20;
        File.WriteAllBytes(Store, bytes);

        var verification = Json(Run(ExitCodes.Failed, "verify", "--json"));
        Assert.False(verification.GetProperty("verified").GetBoolean());
        Assert.Equal([null, ids[1]], verification.GetProperty("checkpoints").EnumerateArray().Select(row => row.GetProperty("problem").GetString() is null ? null : row.GetProperty("id").GetString()));
        Run(ExitCodes.Done, "verify", ids[0]);
        Assert.Contains($"FAILED {ids[1]}", Run(ExitCodes.Failed, "verify", ids[1][..10]).Output, StringComparison.Ordinal);
        Assert.Contains("was altered", Run(ExitCodes.Usage, "export", ids[1], "--out", _folder.PathOf("x")).Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(_folder.PathOf("x")));
    }

    [Fact]
    public void Pruning_keeps_the_last_ones_and_first_only_says_so()
    {
        var ids = Save(1, 2, 3);
        Assert.Contains($"would remove {ids[0]}", Run(ExitCodes.Done, "prune", "--keep", "2", "--dry-run").Output, StringComparison.Ordinal);
        Assert.Equal(3, Json(Run(ExitCodes.Done, "list", "--json")).GetProperty("checkpoints").GetArrayLength());
        Assert.Equal(3, Json(Run(ExitCodes.Done, "prune", "--keep", "1", "--older-than", "1h", "--json")).GetProperty("kept").GetInt32());
        var pruning = Json(Run(ExitCodes.Done, "prune", "--keep", "2", "--json"));
        Assert.Equal([ids[0]], pruning.GetProperty("removed").EnumerateArray().Select(id => id.GetString()));
        Assert.Equal(2, Json(Run(ExitCodes.Done, "list", "--json")).GetProperty("checkpoints").GetArrayLength());
    }

    [Theory]
    [InlineData("--keep", "-1")]
    [InlineData("--older-than", "7")]
    [InlineData("--older-than", "1.5d")]
    [InlineData("--older-than", "9999999999999999999d")]
    public void A_wrong_measure_of_pruning_is_wrong_usage(string option, string value) => Run(ExitCodes.Usage, "prune", option, value);

    [Fact]
    public void Pruning_without_a_measure_would_remove_everything_and_is_refused() => Run(ExitCodes.Usage, "prune");

    [Fact]
    public void A_store_that_cannot_be_made_is_the_environments_fault()
    {
        var file = _folder.PathOf("x");
        Run(ExitCodes.Done, "export", Save(1).Single(), "--out", file);
        RunOn(_folder.PathOf("missing", "store.db"), ExitCodes.Environment, "import", file);
        Assert.DoesNotContain("secret", RunOn("mysql://me:secret@host/x", ExitCodes.Usage, "list").Error, StringComparison.Ordinal);
    }

    private CommandLine Run(int code, params string[] args) => RunOn(Store, code, args);

    private static CommandLine RunOn(string store, int code, params string[] args)
    {
        var line = new CommandLine();
        var actual = line.Run(["snapshot", .. args, "--store", store]);
        Assert.True(code == actual, $"exit code {actual}: {line.Error}");
        return line;
    }

    private static JsonElement Json(CommandLine line) => JsonDocument.Parse(line.Output).RootElement;

    private List<string> Save(params int[] numbers)
    {
        using var store = CheckpointStores.Open(Store);
        return [.. numbers.Select(number => store.Save(new(
            new()
            {
                Scenario = "storm",
                Variant = "vcpus=256 pattern=all-to-all with a name that is long",
                Seed = 7,
                At = new VirtualTime(1_000_000L * number) + new VirtualTime(500),
                Fingerprint = "f00d",
                Digest = $"{number:x32}",
                Program = "0.1.0",
            },
            [new($"part-{number}", 1, new byte[100])])))];
    }
}
