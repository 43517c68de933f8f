using Trapline.Persistence.Format;
using Trapline.Persistence.Identity;
using Xunit;

namespace Trapline.Persistence.Tests.Stores;

/// <summary>What every store must do. Another engine derives a class from it and opens its own store.</summary>
public abstract partial class StoreContract : IDisposable
{
    private ICheckpointStore? _store;

    private ICheckpointStore Store => _store ??= Open();

    /// <summary>Opens the store of this test: a new one at first, the same one again later.</summary>
    protected abstract ICheckpointStore Open();

    /// <summary>Runs SQL in it, behind its back.</summary>
    protected abstract void Execute(string sql);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => _store?.Dispose();

    [Fact]
    public void A_new_store_is_empty()
    {
        Assert.Empty(Store.List());
        Assert.Contains("there is no checkpoint 'abc'", Same.Refused(CheckpointFailure.Input, () => Store.Load("abc")).Message, StringComparison.Ordinal);
        Assert.Equal(0, Store.Delete(["0123456789abcdef"]));
        Assert.Equal(0, Store.Delete([]));
    }

    [Fact]
    public void What_is_saved_is_loaded_again_from_a_store_opened_anew()
    {
        var saved = SampleCheckpoint.Create(1);
        var id = Store.Save(saved);
        using var other = Open();
        Same.Checkpoint(saved, other.Load(id));
        Assert.Equal(id, CheckpointFile.IdOf(other.Load(id)));
    }

    [Fact]
    public void The_id_is_that_of_every_store()
        // Written down: the same checkpoint has this id for ever.
        => Assert.Equal("c3f3fde6273caefd", Store.Save(SampleCheckpoint.Create(1)));

    [Fact]
    public void The_list_tells_what_was_saved_the_oldest_first()
    {
        var before = DateTimeOffset.UtcNow.AddSeconds(-2);
        List<Checkpoint> saved = [SampleCheckpoint.Create(3), SampleCheckpoint.Create(1), SampleCheckpoint.Create(2)];
        var ids = saved.Select(Store.Save).ToList();
        var listed = Store.List();

        Assert.Equal(ids, listed.Select(stored => stored.Id));
        Assert.All(saved.Zip(listed), pair =>
        {
            Assert.Equal(pair.First.Header, pair.Second.Header);
            Assert.Equal(CheckpointManifest.Of(pair.First).Parts, pair.Second.Parts);
            Assert.InRange(pair.Second.SavedAt, before, DateTimeOffset.UtcNow.AddSeconds(2));
            Assert.InRange(pair.Second.StoredBytes, 10_000, 15_000);
        });
    }

    [Fact]
    public void Saving_the_same_one_again_leaves_the_first_as_it_is()
    {
        var id = Store.Save(SampleCheckpoint.Create(1));
        Store.Save(SampleCheckpoint.Create(2));
        var before = Store.List();
        Assert.Equal(id, Store.Save(SampleCheckpoint.Create(1)));
        Assert.Equal(before.Select(stored => (stored.Id, stored.SavedAt)), Store.List().Select(stored => (stored.Id, stored.SavedAt)));
    }

    [Fact]
    public void An_id_may_be_cut_as_long_as_it_fits_one_alone()
    {
        var ids = Enumerable.Range(1, 40).Select(number => Store.Save(SampleCheckpoint.Create(number, bytes: 64))).ToList();
        var length = Enumerable.Range(1, 16).First(digits => ids.DistinctBy(id => id[..digits]).Count() == ids.Count);
        Assert.All(ids, id => Assert.Equal(id, CheckpointFile.IdOf(Store.Load(id[..length]))));
        Assert.Equal(ids[7], CheckpointFile.IdOf(Store.Load(ids[7].ToUpperInvariant())));

        var twice = ids.GroupBy(id => id[..1]).First(group => group.Count() > 1);
        Assert.Contains($"fits {twice.Count()} checkpoints", Same.Refused(CheckpointFailure.Input, () => Store.Load(twice.Key)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("xyz")]
    [InlineData("0123456789abcdef0")]
    [InlineData("' OR 1=1 --")]
    public void What_cannot_be_an_id_is_refused(string id)
    {
        Store.Save(SampleCheckpoint.Create(1));
        Assert.Contains("is no id", Same.Refused(CheckpointFailure.Input, () => Store.Load(id)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_deleted_is_gone_and_the_others_are_whole()
    {
        var ids = Enumerable.Range(1, 4).Select(number => Store.Save(SampleCheckpoint.Create(number))).ToList();
        Assert.Equal(2, Store.Delete([ids[0], ids[2], "0123456789abcdef"]));
        Assert.Equal([ids[1], ids[3]], Store.List().Select(stored => stored.Id));
        Same.Checkpoint(SampleCheckpoint.Create(2), Store.Load(ids[1]));
        Same.Checkpoint(SampleCheckpoint.Create(4), Store.Load(ids[3]));
        Assert.Equal(ids[0], Store.Save(SampleCheckpoint.Create(1)));
        Same.Checkpoint(SampleCheckpoint.Create(1), Store.Load(ids[0]));
    }

    [Fact]
    public void A_large_part_and_many_parts_come_back()
    {
        var large = SampleCheckpoint.Create(1, bytes: 24 << 20);
        Same.Checkpoint(large, Store.Load(Store.Save(large)));
        var many = large with { Parts = [.. Enumerable.Range(0, 3_000).Select(number => new CheckpointPart($"group/vcpu{number}", 1, BitConverter.GetBytes(number)))] };
        Same.Checkpoint(many, Store.Load(Store.Save(many)));
        var none = large with { Parts = [] };
        Same.Checkpoint(none, Store.Load(Store.Save(none)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("run")]
    public void A_part_whose_name_is_none_or_there_twice_is_refused_and_nothing_is_saved(string name)
    {
        var sample = SampleCheckpoint.Create(1);
        Same.Refused(CheckpointFailure.Input, () => Store.Save(sample with { Parts = [.. sample.Parts, new(name, 1, ReadOnlyMemory<byte>.Empty)] }));
        Same.Refused(CheckpointFailure.Input, () => Store.Save(sample with { Parts = [.. sample.Parts, new(new('x', CheckpointLimits.NameLength + 1), 1, ReadOnlyMemory<byte>.Empty)] }));
        Same.Refused(CheckpointFailure.Input, () => Store.Save(sample with { Header = sample.Header with { Scenario = "a\0b" } }));
        // Half a character; an attribute could not carry it to here.
        Same.Refused(CheckpointFailure.Input, () => Store.Save(sample with { Header = sample.Header with { Variant = new((char)0xd800, 1) } }));
        Same.Refused(CheckpointFailure.Input, () => Store.Save(sample with { Header = sample.Header with { Digest = new('d', CheckpointLimits.TextLength + 1) } }));
        Same.Refused(CheckpointFailure.Input, () => Store.Save(sample with { Header = sample.Header with { At = new(-1) } }));
        Assert.Empty(Store.List());
    }

    [Fact]
    public void Names_and_texts_of_any_script_come_back()
    {
        var sample = SampleCheckpoint.Create(1);
        var saved = sample with { Header = sample.Header with { Scenario = "龙芯 — 'x\"; %s {0} \\" }, Parts = [new("группа/🦜", 1, new byte[] { 1 }), new(new('é', CheckpointLimits.NameLength), 1, new byte[] { 2 })] };
        Same.Checkpoint(saved, Store.Load(Store.Save(saved)));
    }

    [Theory]
    [InlineData("UPDATE checkpoint SET digest = 'other'", "header or list of parts")]
    [InlineData("UPDATE checkpoint SET at_ps = at_ps + 1", "header or list of parts")]
    [InlineData("UPDATE checkpoint SET seed = 'many'", "rows that Trapline does not write")]
    [InlineData("UPDATE part SET schema_version = 9 WHERE name = 'run'", "header or list of parts")]
    [InlineData("UPDATE part SET name = 'inputs' WHERE name = 'run'", "two parts 'inputs'")]
    [InlineData("DELETE FROM part WHERE name = 'group/vcpu0'", "header or list of parts")]
    [InlineData("UPDATE part SET blob = (SELECT max(blob) FROM part) WHERE name = 'run'", "header or list of parts")]
    [InlineData("UPDATE blob SET bytes = 1000000000000", "1000000000000 bytes")]
    [InlineData("UPDATE blob SET bytes = 900000000 WHERE bytes > 10000", "cannot be")]
    [InlineData("UPDATE blob SET bytes = bytes + 1 WHERE bytes > 10000", "header or list of parts")]
    [InlineData("UPDATE blob SET bytes = -1 WHERE bytes > 10000", "-1 bytes")]
    [InlineData("DELETE FROM chunk WHERE blob = (SELECT number FROM blob WHERE bytes > 10000)", "cannot be decompressed")]
    [InlineData("UPDATE chunk SET content = (SELECT content FROM chunk JOIN blob ON blob.number = chunk.blob WHERE bytes = 4)", "part 'inputs'")]
    public void What_was_altered_behind_its_back_is_refused(string sql, string told)
    {
        var id = Store.Save(SampleCheckpoint.Create(1));
        Execute(sql);
        Assert.Contains(told, Same.Refused(CheckpointFailure.Input, () => Store.Load(id)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_processes_may_save_at_the_same_time()
    {
        Store.List();
        var numbers = Enumerable.Range(0, 12).ToList();
        Parallel.ForEach(numbers, new ParallelOptions { MaxDegreeOfParallelism = 4 }, number =>
        {
            using var own = Open();
            // Every checkpoint twice, by two of them perhaps.
            own.Save(SampleCheckpoint.Create(number / 2));
            own.Delete([]);
        });
        Assert.Equal(6, Store.List().Count);
        Assert.All(Store.List(), stored => Store.Load(stored.Id));
    }

    [Fact]
    public void Blobs_that_no_checkpoint_needs_any_more_are_removed()
    {
        var ids = Enumerable.Range(1, 3).Select(number => Store.Save(SampleCheckpoint.Create(number))).ToList();
        Store.Delete(ids);
        Execute("INSERT INTO checkpoint (id, scenario, variant, seed, at_ps, fingerprint, digest, program, saved_at_ms) SELECT 'blobs', '', '', '0', count(*), '', '', '', 0 FROM blob");
        Execute("UPDATE checkpoint SET at_ps = at_ps * 1000 + (SELECT count(*) FROM chunk)");
        Assert.Equal(0, Store.List().Single().Header.At.Picoseconds);
    }
}
