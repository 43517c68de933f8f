using System.Buffers.Binary;
using Trapline.Devices.Arm;

namespace Trapline.Devices.Tests.Arm;

/// <summary>256 MiB of guest memory at 0x40000000, zero where nothing was written, page by page.</summary>
internal sealed class GuestRam : IGuestMemory
{
    public const ulong Start = 0x4000_0000;

    private const ulong Size = 0x1000_0000;
    private const int PageShift = 12;
    private const int PageBytes = 1 << PageShift;

    private readonly SortedDictionary<ulong, byte[]> _pages = [];

    /// <summary>Pages that were written: memory in use.</summary>
    public int Pages => _pages.Count;

    public ulong this[ulong address]
    {
        get => TryRead(address, sizeof(ulong), out var value) ? value : throw new ArgumentOutOfRangeException(nameof(address), $"0x{address:x} is not memory");
        set => Assert.True(TryWrite(address, sizeof(ulong), value));
    }

    public bool IsRam(ulong address) => address - Start < Size;

    public bool TryRead(ulong address, int bytes, out ulong value)
    {
        value = 0;
        if (!IsRam(address))
        {
            return false;
        }

        if (_pages.TryGetValue(address >> PageShift, out var page))
        {
            Span<byte> word = stackalloc byte[sizeof(ulong)];
            page.AsSpan((int)(address % PageBytes), bytes).CopyTo(word);
            value = BinaryPrimitives.ReadUInt64LittleEndian(word);
        }

        return true;
    }

    public bool TryWrite(ulong address, int bytes, ulong value)
    {
        if (!IsRam(address))
        {
            return false;
        }

        if (!_pages.TryGetValue(address >> PageShift, out var page))
        {
            _pages.Add(address >> PageShift, page = new byte[PageBytes]);
        }

        Span<byte> word = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(word, value);
        word[..bytes].CopyTo(page.AsSpan((int)(address % PageBytes)));
        return true;
    }
}
