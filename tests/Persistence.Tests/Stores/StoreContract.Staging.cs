using Xunit;

namespace Trapline.Persistence.Tests.Stores;

/// <summary>Checkpoints that several processes write together.</summary>
public abstract partial class StoreContract
{
    private IStagedCheckpoints Staging => (IStagedCheckpoints)Store;

    [Fact]
    public void What_two_have_staged_is_committed_as_one_would_have_saved_it()
    {
        var whole = SampleCheckpoint.Create(1);
        Staging.Stage("1/2/3", [whole.Parts[2], whole.Parts[0]]);
        using (var other = Open())
        {
            ((IStagedCheckpoints)other).Stage("1/2/3", [.. whole.Parts.Skip(1)]);
        }

        Assert.Empty(Store.List());
        var names = whole.Parts.Select(part => part.Name).ToList();
        Assert.Equal(names.Order(StringComparer.Ordinal), Staging.Staged("1/2/3").Select(part => part.Name));
        var id = Staging.Commit("1/2/3", whole.Header, names);
        Assert.Equal("c3f3fde6273caefd", id);
        Same.Checkpoint(whole, Store.Load(id));
        Assert.Empty(Staging.Staged("1/2/3"));
        Assert.Equal(id, Store.Save(whole));
        Assert.Single(Store.List());
    }

    [Fact]
    public void What_was_saved_already_stays_when_it_is_committed()
    {
        var whole = SampleCheckpoint.Create(1);
        var id = Store.Save(whole);
        Staging.Stage("s", whole.Parts);
        Assert.Equal(id, Staging.Commit("s", whole.Header, [.. whole.Parts.Select(part => part.Name)]));
        Assert.Single(Store.List());
        Assert.Empty(Staging.Staged("s"));
    }

    [Fact]
    public void A_part_that_nobody_has_staged_is_named_and_nothing_is_committed()
    {
        var whole = SampleCheckpoint.Create(1);
        var names = whole.Parts.Select(part => part.Name).ToList();
        Staging.Stage("s", [.. whole.Parts.Skip(1)]);
        Staging.Stage("t", [whole.Parts[0]]);
        Assert.Contains("part 'run' is not staged as 's'", Same.Refused(CheckpointFailure.Input, () => Staging.Commit("s", whole.Header, names)).Message, StringComparison.Ordinal);
        Same.Refused(CheckpointFailure.Input, () => Staging.Commit("none", whole.Header, names));
        Assert.Empty(Store.List());
        Staging.Stage("s", [whole.Parts[0]]);
        Staging.Commit("s", whole.Header, names);
        Assert.Single(Staging.Staged("t"));
    }

    [Fact]
    public void What_is_staged_anew_takes_the_place_of_the_older()
    {
        var whole = SampleCheckpoint.Create(1);
        Staging.Stage("s", SampleCheckpoint.Create(2).Parts);
        Staging.Stage("s", whole.Parts);
        Assert.Equal("c3f3fde6273caefd", Staging.Commit("s", whole.Header, [.. whole.Parts.Select(part => part.Name)]));
    }

    [Fact]
    public void What_is_staged_is_not_cleaned_away_until_it_is_discarded()
    {
        var whole = SampleCheckpoint.Create(1);
        Staging.Stage("run1/a_b", whole.Parts);
        Staging.Stage("run1/axb", whole.Parts);
        Staging.Stage("run2/a", whole.Parts);
        Store.Delete([Store.Save(SampleCheckpoint.Create(2))]);
        Staging.Discard("run1/a_");
        Staging.Discard("%");
        Assert.Empty(Staging.Staged("run1/a_b"));
        Assert.Equal(whole.Parts.Count, Staging.Staged("run1/axb").Count);
        Staging.Discard("run1/");
        Assert.Empty(Staging.Staged("run1/axb"));
        Same.Checkpoint(whole, Store.Load(Staging.Commit("run2/a", whole.Header, [.. whole.Parts.Select(part => part.Name)])));
    }

    [Fact]
    public void What_was_discarded_leaves_no_blobs()
    {
        Staging.Stage("s", SampleCheckpoint.Create(1).Parts);
        Staging.Discard("s");
        Execute("INSERT INTO checkpoint (id, scenario, variant, seed, at_ps, fingerprint, digest, program, saved_at_ms) SELECT 'blobs', '', '', '0', count(*), '', '', '', 0 FROM blob");
        Assert.Equal(0, Store.List().Single().Header.At.Picoseconds);
    }

    [Theory]
    [InlineData("UPDATE chunk SET content = (SELECT content FROM chunk WHERE blob = (SELECT min(number) FROM blob)) WHERE blob = (SELECT max(number) FROM blob)", "has not the SHA-256")]
    [InlineData("DELETE FROM chunk", "cannot be decompressed")]
    [InlineData("UPDATE blob SET bytes = 900000000 WHERE bytes > 10000", "cannot be")]
    public void What_was_altered_while_it_was_staged_is_refused(string sql, string told)
    {
        var sample = SampleCheckpoint.Create(1);
        // The first blob and the last are equally long.
        var whole = sample with { Parts = [new("first", 1, new byte[] { 1, 2, 3, 4 }), .. sample.Parts, new("last", 1, new byte[] { 5, 6, 7, 8 })] };
        Staging.Stage("s", whole.Parts);
        Execute(sql);
        Assert.Contains(told, Same.Refused(CheckpointFailure.Input, () => Staging.Staged("s")).Message, StringComparison.Ordinal);
        Assert.Contains(told, Same.Refused(CheckpointFailure.Input, () => Staging.Commit("s", whole.Header, [.. whole.Parts.Select(part => part.Name)])).Message, StringComparison.Ordinal);
        Assert.Empty(Store.List());
    }

    [Fact]
    public void What_cannot_be_staged_is_refused_whole()
    {
        var parts = SampleCheckpoint.Create(1).Parts;
        Same.Refused(CheckpointFailure.Input, () => Staging.Stage("", parts));
        Same.Refused(CheckpointFailure.Input, () => Staging.Stage("a\0b", parts));
        Same.Refused(CheckpointFailure.Input, () => Staging.Stage(new('x', CheckpointLimits.NameLength + 1), parts));
        Same.Refused(CheckpointFailure.Input, () => Staging.Stage("s", [.. parts, parts[0]]));
        Assert.Empty(Staging.Staged("s"));
        Staging.Stage("s", parts);
        Same.Refused(CheckpointFailure.Input, () => Staging.Commit("s", SampleCheckpoint.Create(1).Header, ["run", "run"]));
        Assert.Empty(Store.List());
    }

    [Fact]
    public void Several_may_stage_commit_and_clean_up_at_the_same_time()
    {
        Store.List();
        Parallel.ForEach(Enumerable.Range(0, 12), new ParallelOptions { MaxDegreeOfParallelism = 4 }, number =>
        {
            using var own = Open();
            var staging = (IStagedCheckpoints)own;
            var whole = SampleCheckpoint.Create(number);
            staging.Stage($"{number}/s", [.. whole.Parts.Take(2)]);
            own.Delete([]);
            staging.Stage($"{number}/s", [.. whole.Parts.Skip(2)]);
            staging.Stage($"{number}/given up", SampleCheckpoint.Create(number + 1).Parts);
            staging.Discard($"{number}/given");
            staging.Commit($"{number}/s", whole.Header, [.. whole.Parts.Select(part => part.Name)]);
        });
        Assert.Equal(12, Store.List().Count);
        Assert.All(Store.List(), stored => Store.Load(stored.Id));
    }
}
