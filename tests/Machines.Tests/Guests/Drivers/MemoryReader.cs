using Trapline.Messages.State;

namespace Trapline.Machines.Tests.Guests.Drivers;

/// <summary>The pages of a home of memory.</summary>
internal sealed class MemoryReader : StateSync
{
    private const int PageShift = 12;

    private readonly Dictionary<ulong, byte[]> _pages = [];
    private ulong _number;

    public ulong Double(ulong address) =>
        _pages.TryGetValue(address >> PageShift, out var page) ? BitConverter.ToUInt64(page, (int)(address & ((1 << PageShift) - 1))) : 0;

    /// <summary>Of a page the number comes before the bytes.</summary>
    public override void Row(string name, ref ulong value) => _number = value;

    public override void Row(string name, Span<byte> values) => _pages[_number] = values.ToArray();
}
