using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Devices;

/// <summary>A section as it lies in messages, three rows in each, and those that have come so far. Rows of the device's actor.</summary>
public sealed class SectionInput
{
    /// <summary>Rows of a section: EIOINTC's of 256 vCPUs, which are the most, fit many times.</summary>
    public const int MostRows = 65_536;

    public const int RowsPerMessage = 3;

    private const int CountShift = 32;
    private const ulong LastFlag = 1UL << 63;

    private readonly List<ulong> _rows = [];

    public IReadOnlyList<ulong> Rows => _rows;

    /// <summary>Whether a message has the last rows of its section.</summary>
    public static bool IsLast(in Message message) => (message.Word0 & LastFlag) != 0;

    /// <summary>How many of its three words a message says are rows; more than there are says nothing good of its sender.</summary>
    public static int CountOf(in Message message) => (byte)(message.Word0 >> CountShift);

    /// <summary>The messages of a section, in their order: Word0, and the three words after it.</summary>
    public static IEnumerable<(ulong Word0, ulong[] Rows)> Messages(IReadOnlyList<ulong> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var first = 0;
        do
        {
            var count = Math.Min(rows.Count - first, RowsPerMessage);
            var words = new ulong[RowsPerMessage];
            for (var i = 0; i < count; i++)
            {
                words[i] = rows[first + i];
            }

            yield return ((uint)first | ((ulong)(uint)count << CountShift) | (first + count == rows.Count ? LastFlag : 0), words);
            first += count;
        }
        while (first < rows.Count);
    }

    /// <summary>Takes the rows of one message. The first row begins a section anew; one that does not follow the last is not taken, nor are those after it.</summary>
    /// <returns>Null before the last message; after it, whether every row is there.</returns>
    public bool? Take(in Message message)
    {
        var first = (uint)message.Word0;
        var count = CountOf(in message);
        if (first == 0)
        {
            _rows.Clear();
        }

        var fits = first == (uint)_rows.Count && count <= RowsPerMessage && _rows.Count <= MostRows - count;
        if (fits)
        {
            _rows.AddRange([.. new[] { message.Word1, message.Word2, message.Word3 }.Take(count)]);
        }

        return IsLast(in message) ? fits : null;
    }

    public void Clear() => _rows.Clear();

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.List("section", "arrived", _rows, MostRows, static (StateSync rows, ref ulong row) => rows.Row("row", ref row));
    }
}
