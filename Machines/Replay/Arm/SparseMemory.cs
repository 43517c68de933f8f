using System.Buffers.Binary;
using Trapline.Devices.Arm;
using Trapline.Machines.Recordings;
using Trapline.Machines.Recordings.Arm;

namespace Trapline.Machines.Replay.Arm;

/// <summary>The guest's memory in a replay: zero but for what was written, and kept only where it is not.</summary>
/// <param name="bytes">From <see cref="GicHeader.MemoryBase"/> on.</param>
internal sealed class SparseMemory(ulong bytes) : IGuestMemory
{
    private const int PageShift = 12;
    private const int PageBytes = 1 << PageShift;

    private readonly Dictionary<ulong, byte[]> _pages = [];

    // Most accesses are to the page of the one before; null for one that is not kept.
    private ulong _lastNumber = ulong.MaxValue;
    private byte[]? _lastPage;

    /// <summary>A write was dropped because <see cref="RecordingLimits.KeptMemoryBytes"/> are kept already.</summary>
    public bool IsFull { get; private set; }

    public bool IsRam(ulong address) => address >= GicHeader.MemoryBase && address - GicHeader.MemoryBase < bytes;

    public bool TryRead(ulong address, int bytes, out ulong value)
    {
        value = 0;
        if (!Holds(address, bytes))
        {
            return false;
        }

        var within = (int)(address % PageBytes);
        if (within + bytes > PageBytes)
        {
            return TryReadAcross(address, bytes, out value);
        }

        if (PageOf(address >> PageShift, create: false) is { } page)
        {
            var data = page.AsSpan(within);
            value = bytes switch
            {
                1 => data[0],
                2 => BinaryPrimitives.ReadUInt16LittleEndian(data),
                4 => BinaryPrimitives.ReadUInt32LittleEndian(data),
                _ => BinaryPrimitives.ReadUInt64LittleEndian(data),
            };
        }

        return true;
    }

    public bool TryWrite(ulong address, int bytes, ulong value)
    {
        if (!Holds(address, bytes))
        {
            return false;
        }

        for (var i = 0; i < bytes; i++)
        {
            Fill(address + (uint)i, 1, (byte)(value >> (8 * i)));
        }

        return true;
    }

    /// <summary>All bytes of a range that are memory get one value.</summary>
    public void Fill(ulong address, int length, byte value)
    {
        var start = Math.Max(address, GicHeader.MemoryBase);
        var end = Math.Min(address + (uint)length, GicHeader.MemoryBase + bytes);
        while (start < end)
        {
            var within = (int)(start % PageBytes);
            var count = (int)Math.Min(end - start, (ulong)(PageBytes - within));
            if (PageOf(start >> PageShift, create: value != 0) is { } page)
            {
                page.AsSpan(within, count).Fill(value);
            }

            start += (uint)count;
        }
    }

    /// <summary>All of it is zero again.</summary>
    public void Clear()
    {
        _pages.Clear();
        (_lastNumber, _lastPage) = (ulong.MaxValue, null);
    }

    private bool Holds(ulong address, int bytes) => IsRam(address) && IsRam(address + (uint)bytes - 1);

    private bool TryReadAcross(ulong address, int bytes, out ulong value)
    {
        value = 0;
        for (var i = 0; i < bytes; i++)
        {
            _ = TryRead(address + (uint)i, 1, out var part);
            value |= part << (8 * i);
        }

        return true;
    }

    /// <summary>A page; null where it is zero and need not be kept, or cannot be.</summary>
    private byte[]? PageOf(ulong number, bool create)
    {
        if (number == _lastNumber && (_lastPage is not null || !create))
        {
            return _lastPage;
        }

        _lastNumber = number;
        _lastPage = _pages.GetValueOrDefault(number);
        if (_lastPage is null && create)
        {
            IsFull |= _pages.Count == RecordingLimits.KeptMemoryBytes / PageBytes;
            if (!IsFull)
            {
                _lastPage = new byte[PageBytes];
                _pages.Add(number, _lastPage);
            }
        }

        return _lastPage;
    }
}
