namespace Trapline.Devices.Arm.Its;

/// <summary>
/// Numbers the pages of an <see cref="EventTable"/> and finds them: a hash table with chains. A generic dictionary has 20 bytes for each, of which
/// a message would touch two lines one after the other; here the look at the key does not hold up who already follows the number.
/// </summary>
internal sealed class EventPages
{
    public const int None = -1;

    /// <summary>Of a key: the pages of a device are its lower bits.</summary>
    public const int DeviceShift = 12;

    private const uint PageMask = (1u << DeviceShift) - 1;

    /// <summary>2^32 divided by the golden ratio: devices with numbers at equal distances come to lie at nearly equal distances, far from one another.</summary>
    private const uint Multiplier = 0x9E37_79B1;

    private const int FirstCapacity = 2;
    private const int BucketsPerPage = 2;

    // Of each bucket the first page of its chain, of each page its key and the next of its chain, or of those that are free; numbers are off by one, 0 ends a chain.
    private int[] _buckets = new int[FirstCapacity * BucketsPerPage];
    private uint[] _keys = new uint[FirstCapacity];
    private int[] _next = new int[FirstCapacity];
    private int _free;

    // One above the greatest number that was ever used.
    private int _end;

    /// <summary>Numbers that fit without growing.</summary>
    public int Capacity => _keys.Length;

    public uint KeyOf(int page) => _keys[page];

    /// <summary>The page of a key, or <see cref="None"/>.</summary>
    public int Find(uint key)
    {
        var page = _buckets[BucketOf(key)] - 1;
        while (page >= 0 && _keys[page] != key)
        {
            page = _next[page] - 1;
        }

        return page;
    }

    /// <summary>Numbers a page that is not there yet; the least number that was never used, or one that is free again.</summary>
    public int Add(uint key)
    {
        var page = _free - 1;
        if (page >= 0)
        {
            _free = _next[page];
        }
        else
        {
            page = _end++;
            if (page == Capacity)
            {
                Grow();
            }
        }

        _keys[page] = key;
        Link(page);
        return page;
    }

    public void Remove(int page)
    {
        ref var link = ref _buckets[BucketOf(_keys[page])];
        while (link - 1 != page)
        {
            link = ref _next[link - 1];
        }

        link = _next[page];
        _next[page] = _free;
        _free = page + 1;
    }

    public void Clear()
    {
        (_buckets, _keys, _next) = (new int[FirstCapacity * BucketsPerPage], new uint[FirstCapacity], new int[FirstCapacity]);
        (_free, _end) = (0, 0);
    }

    /// <summary>The pages of a device follow one another from where its own number leads. The length is a power of two.</summary>
    private uint BucketOf(uint key)
    {
        var length = (uint)_buckets.Length;
        var device = ((ulong)((key >> DeviceShift) * Multiplier) * length) >> 32;
        return ((uint)device + (key & PageMask)) & (length - 1);
    }

    private void Link(int page)
    {
        ref var bucket = ref _buckets[BucketOf(_keys[page])];
        _next[page] = bucket;
        bucket = page + 1;
    }

    /// <summary>None is free now.</summary>
    private void Grow()
    {
        Array.Resize(ref _next, Capacity * 2);
        Array.Resize(ref _keys, Capacity * 2);
        _buckets = new int[Capacity * BucketsPerPage];
        for (var page = 0; page < Capacity / 2; page++)
        {
            Link(page);
        }
    }
}
