using System.Runtime.CompilerServices;
using Trapline.Actors.Guests;
using Trapline.Messages.State;

namespace Trapline.Actors.Memory;

/// <summary>
/// The pages of guest memory that are homed in one group: sparse, 4 KiB each, zero until touched. Only actors of the
/// group come here; everybody else asks the group's <see cref="MemoryActor"/>.
/// </summary>
/// <remarks>Addresses are aligned to the access and lie in the home's region: the callers check both.</remarks>
public sealed partial class GuestMemory
{
    public const int PageBytes = GuestLayout.PageBytes;
    private const int PageShift = 12;

    private readonly MemoryBudget _budget;
    private readonly ulong _firstPage;
    private readonly byte[]?[] _near;
    private readonly SortedDictionary<ulong, byte[]> _far = [];

    /// <param name="layout">Of the machine's memory.</param>
    /// <param name="nearBase">Page-aligned start of the region that is looked up without a search.</param>
    /// <param name="nearBytes">Its length; other addresses are found in a tree.</param>
    /// <param name="budget">Pays for each page.</param>
    public GuestMemory(GuestLayout layout, ulong nearBase, ulong nearBytes, MemoryBudget budget)
    {
        Layout = layout;
        _budget = budget;
        _firstPage = nearBase >> PageShift;
        _near = new byte[]?[nearBytes >> PageShift];
    }

    /// <summary>Of the machine's memory.</summary>
    public GuestLayout Layout { get; }

    private int PageLimit => (int)((Layout.MemoryEnd - Layout.MemoryStart) >> PageShift);

    /// <summary>Copies a first content in, page by page; pages that would be all zero stay untouched.</summary>
    public void Load(ulong address, ReadOnlySpan<byte> image)
    {
        while (image.Length > 0)
        {
            var offset = (int)(address & (PageBytes - 1));
            var part = image[..Math.Min(image.Length, PageBytes - offset)];
            if (part.IndexOfAnyExcept((byte)0) >= 0)
            {
                part.CopyTo(Touch(address).AsSpan(offset));
                MarkDirty(address);
            }

            image = image[part.Length..];
            address += (ulong)part.Length;
        }
    }

    /// <summary>Zero-extended; memory that was never written reads zero and stays untouched.</summary>
    public ulong Read(ulong address, AccessWidth width)
    {
        var page = Find(address >> PageShift);
        if (page is null)
        {
            return 0;
        }

        ref var place = ref page[(int)(address & (PageBytes - 1))];
        return width switch
        {
            AccessWidth.Byte => place,
            AccessWidth.Half => Unsafe.ReadUnaligned<ushort>(ref place),
            AccessWidth.Word => Unsafe.ReadUnaligned<uint>(ref place),
            _ => Unsafe.ReadUnaligned<ulong>(ref place),
        };
    }

    /// <summary>Some bytes of one page.</summary>
    public void Read(ulong address, Span<byte> bytes)
    {
        if (Find(address >> PageShift) is { } page)
        {
            page.AsSpan((int)(address & (PageBytes - 1)), bytes.Length).CopyTo(bytes);
        }
        else
        {
            bytes.Clear();
        }
    }

    public void Write(ulong address, AccessWidth width, ulong value)
    {
        MarkDirty(address);
        ref var place = ref Touch(address)[(int)(address & (PageBytes - 1))];
        switch (width)
        {
            case AccessWidth.Byte:
                place = (byte)value;
                break;
            case AccessWidth.Half:
                Unsafe.WriteUnaligned(ref place, (ushort)value);
                break;
            case AccessWidth.Word:
                Unsafe.WriteUnaligned(ref place, (uint)value);
                break;
            default:
                Unsafe.WriteUnaligned(ref place, value);
                break;
        }
    }

    /// <summary>Does one access: the operation, then its answer. Reads and old values are zero-extended.</summary>
    public ulong Access(MemoryOperation operation, ulong address, AccessWidth width, ulong operand, ulong comparand)
    {
        if (operation == MemoryOperation.Write)
        {
            Write(address, width, operand);
            return 0;
        }

        var old = Read(address, width);
        switch (operation)
        {
            case MemoryOperation.Swap:
                Write(address, width, operand);
                break;
            case MemoryOperation.Add:
                Write(address, width, old + operand);
                break;
            case MemoryOperation.And:
                Write(address, width, old & operand);
                break;
            case MemoryOperation.Or:
                Write(address, width, old | operand);
                break;
            case MemoryOperation.Xor:
                Write(address, width, old ^ operand);
                break;
            case MemoryOperation.CompareSwap when old == Truncate(comparand, width):
                Write(address, width, operand);
                break;
            default:
                break;
        }

        return old;
    }

    /// <summary>The low bits that an access of this width sees.</summary>
    public static ulong Truncate(ulong value, AccessWidth width) =>
        width == AccessWidth.Double ? value : value & ((1UL << (8 << (int)width)) - 1);

    /// <summary>Rows: each touched page with its number, ascending.</summary>
    public void SyncState(StateSync sync)
    {
        var numbers = TouchedPages();
        var count = numbers.Count;
        sync.Count("pages", ref count, PageLimit);
        if (sync.Loading)
        {
            Clear();
        }

        ulong after = 0;
        for (var i = 0; i < count; i++)
        {
            var number = sync.Loading ? 0 : numbers[i];
            sync.Begin("page", i);
            sync.Row("number", ref number);
            if (!Layout.IsMemory(number << PageShift) || number > Layout.MemoryEnd >> PageShift || number < after)
            {
                throw new StateFormatException($"row 'page[{i}].number': page {number} lies beyond guest memory, or comes twice");
            }

            after = number + 1;
            sync.Row("bytes", Touch(number << PageShift).AsSpan());
            sync.End();
        }
    }

    /// <summary>Numbers of the pages that were ever written, ascending.</summary>
    public IReadOnlyList<ulong> TouchedPages()
    {
        var numbers = new List<ulong>(_far.Keys);
        for (var i = 0; i < _near.Length; i++)
        {
            if (_near[i] is not null)
            {
                numbers.Add(_firstPage + (ulong)i);
            }
        }

        numbers.Sort();
        return numbers;
    }

    private void Clear()
    {
        _budget.GiveBack(TouchedPages().Count * PageBytes);
        Array.Clear(_near);
        _far.Clear();
    }

    private byte[]? Find(ulong page)
    {
        var near = page - _firstPage;
        return near < (ulong)_near.Length ? _near[near] : _far.GetValueOrDefault(page);
    }

    private byte[] Touch(ulong address)
    {
        var page = address >> PageShift;
        return Find(page) ?? AddPage(page);
    }

    private byte[] AddPage(ulong page)
    {
        _budget.Take(PageBytes);
        var bytes = new byte[PageBytes];
        var near = page - _firstPage;
        if (near < (ulong)_near.Length)
        {
            _near[near] = bytes;
        }
        else
        {
            _far.Add(page, bytes);
        }

        return bytes;
    }
}
