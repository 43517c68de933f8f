using System.Buffers.Binary;
using Trapline.Messages;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Machines.Tests.State;

/// <summary>A machine's saved state, with where its rows lie.</summary>
internal sealed class SavedMachine
{
    private static readonly string[] Bookkeeping =
        [".ledger.", ".latency[", ".digest.", "_exits", ".fates.", ".counter", ".exit[", ".marks", ".mark[", ".handled", ".page[", ".history", ".section[", ".taken", ".reason[", "Reason["];

    private readonly List<(string Name, List<Cell> Cells)> _rows = [];
    private readonly List<int> _decisive;

    /// <param name="at">The cut.</param>
    /// <param name="bytes">What a writer wrote.</param>
    /// <param name="schema">Of the same pass.</param>
    public SavedMachine(VirtualTime at, byte[] bytes, StateSchema schema)
    {
        At = at;
        Bytes = bytes;
        var places = new Dictionary<string, List<Cell>>();
        var offset = 0;
        foreach (var row in schema.Rows)
        {
            // Rows of one name on all vCPUs and groups are one: rare rows are then altered as often as common ones.
            var name = string.Concat(row.Name.Where(letter => !char.IsDigit(letter)));
            if (!places.TryGetValue(name, out var cells))
            {
                places[name] = cells = [];
                _rows.Add((name, cells));
            }

            var width = row.Type == StateSchemaRow.Packed ? 1 : sizeof(ulong);
            for (var i = 0; i < (row.Length ?? 1); i++, offset += width)
            {
                cells.Add(new Cell(row.Name, offset, width));
            }
        }

        Assert.Equal(bytes.Length, offset);
        _rows.RemoveAll(row => row.Cells.Count == 0);
        _decisive = [.. Enumerable.Range(0, _rows.Count).Where(row => !Bookkeeping.Any(part => _rows[row].Name.Contains(part, StringComparison.Ordinal)))];
    }

    public VirtualTime At { get; }

    public byte[] Bytes { get; }

    /// <summary>Alters one to three rows.</summary>
    /// <returns>What was done, for people.</returns>
    public string Alter(byte[] bytes, Random random)
    {
        var done = new List<string>();
        for (var times = 1 + random.Next(3); times > 0; times--)
        {
            var cell = Pick(random);
            var old = Read(bytes, cell);
            var value = random.Next(9) switch
            {
                0 => old ^ (1UL << random.Next(64)),
                1 => 0UL,
                2 => ulong.MaxValue,
                3 => 1UL << random.Next(64),
                4 => unchecked(old + (ulong)(long)random.Next(-2, 3)),
                5 => (ulong)random.Next(300),
                6 => (ulong)(long.MaxValue - random.Next(2)),
                7 => Read(bytes, Pick(random)),
                _ => (ulong)random.NextInt64(),
            };
            if (value == old)
            {
                value ^= 1UL << random.Next(8 * cell.Width);
            }

            Write(bytes, cell, value);
            done.Add($"{cell.Name}+{cell.Offset}: 0x{old:x} -> 0x{value:x}");
        }

        return string.Join("; ", done);
    }

    private static ulong Read(byte[] bytes, Cell cell) => cell.Width == 1 ? bytes[cell.Offset] : BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(cell.Offset));

    private static void Write(byte[] bytes, Cell cell, ulong value)
    {
        if (cell.Width == 1)
        {
            bytes[cell.Offset] = (byte)value;
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(cell.Offset), value);
        }
    }

    /// <summary>What is only counted is altered now and then, what decides how the run goes on most of the time.</summary>
    private Cell Pick(Random random)
    {
        var cells = _rows[random.Next(4) == 0 ? random.Next(_rows.Count) : _decisive[random.Next(_decisive.Count)]].Cells;
        return cells[random.Next(cells.Count)];
    }

    private readonly record struct Cell(string Name, int Offset, int Width);
}
