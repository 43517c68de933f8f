using Trapline.Devices.Arm;

namespace Trapline.Devices.Tests.Arm;

/// <summary>Sparse guest memory in a few regions, that counts its accesses and insists on alignment.</summary>
internal sealed class GuestRam : IGuestMemory
{
    public const ulong Start = 0x4000_0000;
    public const ulong Size = 0x1000_0000;

    private const ulong PageBytes = 0x1000;
    private readonly Dictionary<ulong, byte[]> _pages = [];

    /// <summary>Start and end.</summary>
    public List<(ulong Start, ulong End)> Regions { get; } = [(Start, Start + Size)];

    /// <summary>Pages that were written: memory in use.</summary>
    public int Pages => _pages.Count;

    public long Reads { get; set; }

    public long Writes { get; set; }

    public ulong this[ulong address]
    {
        get => TryRead(address, 8, out var value) ? value : throw new ArgumentException($"no memory at 0x{address:x}");
        set => Assert.True(TryWrite(address, 8, value), $"no memory at 0x{address:x}");
    }

    public byte Byte(ulong address) => TryRead(address, 1, out var value) ? (byte)value : throw new ArgumentException($"no memory at 0x{address:x}");

    public void SetByte(ulong address, byte value) => Assert.True(TryWrite(address, 1, value), $"no memory at 0x{address:x}");

    public bool IsRam(ulong address)
    {
        foreach (var (start, end) in Regions)
        {
            if (address >= start && address < end)
            {
                return true;
            }
        }

        return false;
    }

    public bool TryRead(ulong address, int bytes, out ulong value)
    {
        Check(address, bytes);
        Reads++;
        value = 0;
        if (!IsRam(address))
        {
            return false;
        }

        if (_pages.TryGetValue(address / PageBytes, out var page))
        {
            for (var i = bytes - 1; i >= 0; i--)
            {
                value = (value << 8) | page[(int)(address % PageBytes) + i];
            }
        }

        return true;
    }

    public bool TryWrite(ulong address, int bytes, ulong value)
    {
        Check(address, bytes);
        Writes++;
        if (!IsRam(address))
        {
            return false;
        }

        if (!_pages.TryGetValue(address / PageBytes, out var page))
        {
            _pages[address / PageBytes] = page = new byte[PageBytes];
        }

        for (var i = 0; i < bytes; i++)
        {
            page[(int)(address % PageBytes) + i] = (byte)(value >> (8 * i));
        }

        return true;
    }

    public void CopyFrom(GuestRam other)
    {
        _pages.Clear();
        foreach (var (number, page) in other._pages)
        {
            _pages[number] = [.. page];
        }
    }

    /// <summary>Addresses of 8-byte words that differ.</summary>
    public List<ulong> Differences(GuestRam other) =>
    [
        .. _pages.Keys.Union(other._pages.Keys).SelectMany(number => Enumerable.Range(0, (int)PageBytes / 8).Select(word => (number * PageBytes) + ((ulong)word * 8)))
            .Where(address => this[address] != other[address]).Order(),
    ];

    private static void Check(ulong address, int bytes)
    {
        Assert.True(bytes is 1 or 2 or 4 or 8 && address % (ulong)bytes == 0, $"{bytes} bytes at 0x{address:x} are not an aligned access");
    }
}
