using System.Buffers.Binary;
using Trapline.Actors.Kernel;
using Trapline.Messages.State;

namespace Trapline.Cluster.Attempts;

/// <summary>
/// The state of groups on its way to another node: of each its index and length, 4 bytes each, little endian, then its raw rows. What is too large
/// travels as one byte, and then nothing is moved on any node.
/// </summary>
internal sealed class GroupTransfer
{
    private const int HeadBytes = 2 * sizeof(int);

    private static readonly byte[] TooLarge = [0xFF];

    private readonly List<(int Group, StateWriter Rows)> _groups = [];

    public void Add(Group group)
    {
        var rows = new StateWriter();
        group.SyncState(rows);
        _groups.Add((group.Index, rows));
    }

    /// <summary>All of it, if it is no longer than this.</summary>
    public byte[] Written(int mostBytes)
    {
        var length = _groups.Sum(group => (long)HeadBytes + group.Rows.Written.Length);
        if (length > mostBytes)
        {
            return TooLarge;
        }

        var written = new byte[length];
        var rest = written.AsSpan();
        foreach (var (group, rows) in _groups)
        {
            BinaryPrimitives.WriteInt32LittleEndian(rest, group);
            BinaryPrimitives.WriteInt32LittleEndian(rest[sizeof(int)..], rows.Written.Length);
            rows.Written.Span.CopyTo(rest[HeadBytes..]);
            rest = rest[(HeadBytes + rows.Written.Length)..];
        }

        return written;
    }

    /// <summary>Adds what came to what has come; false where it is no state of groups.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> part, Dictionary<int, ReadOnlyMemory<byte>> arrivals)
    {
        while (part.Length >= HeadBytes)
        {
            var group = BinaryPrimitives.ReadInt32LittleEndian(part.Span);
            var length = BinaryPrimitives.ReadInt32LittleEndian(part.Span[sizeof(int)..]);
            part = part[HeadBytes..];
            if (length < 0 || length > part.Length || !arrivals.TryAdd(group, part[..length]))
            {
                return false;
            }

            part = part[length..];
        }

        return part.IsEmpty;
    }
}
