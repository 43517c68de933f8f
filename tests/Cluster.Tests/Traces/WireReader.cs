using System.Buffers.Binary;
using System.Text;

namespace Trapline.Cluster.Tests.Traces;

/// <summary>
/// Protobuf's wire format by hand, after its specification: the tests must not read with the library that wrote. Numbers
/// are known by what Perfetto's own .proto files say, written down again in the tests.
/// </summary>
internal sealed class WireReader
{
    private readonly SortedDictionary<int, List<object>> _fields = [];

    public WireReader(ReadOnlyMemory<byte> message)
    {
        var bytes = message.Span;
        for (var at = 0; at < bytes.Length;)
        {
            var tag = Varint(bytes, ref at);
            var field = checked((int)(tag >> 3));
            object value;
            switch (tag & 7)
            {
                case 0:
                    value = Varint(bytes, ref at);
                    break;
                case 1:
                    value = BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
                    at += sizeof(ulong);
                    break;
                case 2:
                    var length = checked((int)Varint(bytes, ref at));
                    value = message.Slice(at, length);
                    at += length;
                    break;
                default:
                    throw new InvalidDataException($"field {field} has wire type {tag & 7}, which Perfetto's messages here do not use");
            }

            if (!_fields.TryGetValue(field, out var values))
            {
                _fields.Add(field, values = []);
            }

            values.Add(value);
        }
    }

    public IEnumerable<int> Fields => _fields.Keys;

    public bool Has(int field) => _fields.ContainsKey(field);

    /// <summary>The value of a number that occurs once; null if it does not occur.</summary>
    public ulong? Number(int field) => _fields.TryGetValue(field, out var values) ? (ulong)values.Single() : null;

    public IEnumerable<ulong> Numbers(int field) => _fields.TryGetValue(field, out var values) ? values.Cast<ulong>() : [];

    public string Text(int field) => Encoding.UTF8.GetString(((ReadOnlyMemory<byte>)_fields[field].Single()).Span);

    public WireReader? Message(int field) => Messages(field).SingleOrDefault();

    public IEnumerable<WireReader> Messages(int field) =>
        _fields.TryGetValue(field, out var values) ? values.Select(value => new WireReader((ReadOnlyMemory<byte>)value)) : [];

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = bytes[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException($"a number before byte {at} has more than 64 bits");
    }
}
