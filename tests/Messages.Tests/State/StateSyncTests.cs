using Trapline.Messages.State;
using Xunit;

namespace Trapline.Messages.Tests.State;

public sealed class StateSyncTests
{
    [Fact]
    public void What_was_written_reads_back()
    {
        var rows = Rows.Example();
        var writer = new StateWriter();
        rows.SyncState(writer);
        var copy = new Rows();
        var reader = new StateReader(writer.Written);
        copy.SyncState(reader);
        reader.Finish();
        Assert.Equal(List(rows), List(copy));
    }

    [Fact]
    public void Input_of_every_shorter_length_is_refused()
    {
        var writer = new StateWriter();
        Rows.Example().SyncState(writer);
        for (var length = 0; length < writer.Written.Length; length++)
        {
            Assert.Throws<StateFormatException>(() => new Rows().SyncState(new StateReader(writer.Written[..length])));
        }
    }

    [Fact]
    public void Bytes_that_are_left_over_are_refused()
    {
        var writer = new StateWriter();
        Rows.Example().SyncState(writer);
        var reader = new StateReader(writer.Written.ToArray().Append((byte)0).ToArray());
        new Rows().SyncState(reader);
        Assert.Contains("1 bytes are left over", Assert.Throws<StateFormatException>(reader.Finish).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_does_not_fit_its_row_is_refused_with_the_rows_name()
    {
        var writer = new StateWriter();
        var wide = 256UL;
        writer.Row("narrow", ref wide);
        byte narrow = 0;
        var failure = Assert.Throws<StateFormatException>(() => new StateReader(writer.Written).Row("narrow", ref narrow));
        Assert.Contains("'narrow'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_count_over_its_limit_is_refused_before_anything_is_allocated()
    {
        var writer = new StateWriter();
        var many = int.MaxValue;
        writer.Row("count", ref many);
        var count = 0;
        Assert.Throws<StateFormatException>(() => new StateReader(writer.Written).Count("count", ref count, 10));
    }

    [Fact]
    public void Each_row_changes_the_hash()
    {
        var plain = Hash(Rows.Example());
        Assert.Equal(plain, Hash(Rows.Example()));
        var changes = new Action<Rows>[]
        {
            rows => rows.Number++,
            rows => rows.Signed--,
            rows => rows.Flag = !rows.Flag,
            rows => rows.Values[1] ^= 1UL << 63,
            rows => rows.Bytes[4] ^= 1,
            rows => rows.Text = "texu",
        };
        foreach (var change in changes)
        {
            var changed = Rows.Example();
            change(changed);
            Assert.NotEqual(plain, Hash(changed));
        }
    }

    [Fact]
    public void A_listing_has_full_names()
    {
        Assert.Contains(new KeyValuePair<string, ulong>("part.values[1]", 5), List(Rows.Example()));
    }

    private static Digest128 Hash(Rows rows)
    {
        var hasher = new StateHasher();
        rows.SyncState(hasher);
        return hasher.Digest;
    }

    private static List<KeyValuePair<string, ulong>> List(Rows rows)
    {
        var lister = new StateLister();
        rows.SyncState(lister);
        return [.. lister.Rows];
    }

    private sealed class Rows
    {
        public uint Number;
        public int Signed;
        public bool Flag;
        public string Text = "";

        public ulong[] Values { get; } = new ulong[3];

        public byte[] Bytes { get; } = new byte[5];

        public static Rows Example()
        {
            var rows = new Rows { Number = 7, Signed = -7, Flag = true, Text = "text" };
            rows.Values[1] = 5;
            rows.Bytes[4] = 9;
            return rows;
        }

        public void SyncState(StateSync sync)
        {
            sync.Begin("part");
            sync.Row("number", ref Number);
            sync.Row("signed", ref Signed);
            sync.Row("flag", ref Flag);
            sync.Row("values", Values.AsSpan());
            sync.Row("bytes", Bytes.AsSpan());
            sync.Text("text", ref Text, 16);
            sync.End();
        }
    }
}
