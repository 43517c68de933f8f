using Trapline.Devices.Arm;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Laws;

/// <summary>16 MiB of guest memory of which few words are not zero: they are rows, beside those of who works on it.</summary>
internal sealed class ItsRam : IGuestMemory
{
    public const ulong Start = 0x4000_0000;
    public const ulong End = 0x4100_0000;

    private const int WordBytes = sizeof(ulong);
    private readonly SortedDictionary<ulong, ulong> _words = [];

    public bool IsRam(ulong address) => address is >= Start and < End;

    public bool TryRead(ulong address, int bytes, out ulong value)
    {
        Check(address, bytes);
        value = 0;
        if (!IsRam(address))
        {
            return false;
        }

        var shift = (int)(address % WordBytes) * 8;
        value = (_words.GetValueOrDefault(address / WordBytes) >> shift) & MaskOf(bytes);
        return true;
    }

    public bool TryWrite(ulong address, int bytes, ulong value)
    {
        Check(address, bytes);
        if (!IsRam(address))
        {
            return false;
        }

        var shift = (int)(address % WordBytes) * 8;
        var word = _words.GetValueOrDefault(address / WordBytes) & ~(MaskOf(bytes) << shift);
        word |= (value & MaskOf(bytes)) << shift;
        if (word == 0)
        {
            _words.Remove(address / WordBytes);
        }
        else
        {
            _words[address / WordBytes] = word;
        }

        return true;
    }

    public void SyncState(StateSync sync)
    {
        var words = _words.ToArray();
        var count = words.Length;
        sync.Count("words", ref count, 1 << 20);
        if (sync.Loading)
        {
            _words.Clear();
        }

        for (var i = 0; i < count; i++)
        {
            var (at, value) = sync.Loading ? (0, 0) : (words[i].Key, words[i].Value);
            sync.Begin("word", i);
            sync.Row("at", ref at);
            sync.Row("value", ref value);
            sync.End();
            if (sync.Loading)
            {
                _words[at] = value;
            }
        }
    }

    private static ulong MaskOf(int bytes) => ulong.MaxValue >> (64 - (bytes * 8));

    private static void Check(ulong address, int bytes)
    {
        if (bytes is not (1 or 2 or 4 or 8) || address % (ulong)bytes != 0)
        {
            throw new InvalidOperationException($"{bytes} bytes at 0x{address:x} are not an aligned access");
        }
    }
}
