using System.Runtime.InteropServices;

namespace Trapline.Devices.Arm.Its;

/// <summary>
/// All events of an ITS of KVM's, in pages of neighbours: a message finds its event by one look-up of a page and one access beside it, however
/// many there are. A page is there while one of its events is, so that memory follows what is mapped and not what ids a guest has chosen.
/// </summary>
internal sealed class EventTable
{
    public const int None = -1;

    /// <summary>
    /// Events of an ITS at most. KVM has what its memory holds, 65,536 devices of 65,536 events; here one more is -ENOMEM, so that
    /// no guest can take all memory of the host. Were each alone in its page, these would be 40 MiB.
    /// </summary>
    public const int Maximum = 1 << 18;

    private const int EventBits = 16;
    private const uint EventMask = (1u << EventBits) - 1;

    /// <summary>A page's entries fill a cache line, and more of them would be empty where a device has few events.</summary>
    private const int PageBits = EventBits - EventPages.DeviceShift;
    private const int PageSize = 1 << PageBits;

    // Pages by DeviceID and the upper bits of EventID.
    private readonly EventPages _pages = new();

    // By place, which is the page's number and the lower bits of EventID. Apart from one another, since a message that is in the translation cache needs
    // the entry alone. Collections are ICIDs plus one.
    private EventEntry[] _entries = [];
    private int[] _collections = [];

    // By page: its neighbours among those of its device, in no order that means anything.
    private int[] _nextOfDevice = [];
    private int[] _previousOfDevice = [];

    public int Count { get; private set; }

    /// <summary>The place of an event, or <see cref="None"/>.</summary>
    public int Find(uint deviceId, uint eventId)
    {
        if ((deviceId | eventId) > EventMask)
        {
            return None;
        }

        var page = _pages.Find(PageKeyOf(deviceId, eventId));
        if (page == EventPages.None)
        {
            return None;
        }

        var place = PlaceOf(page, eventId);
        return _entries[place].Exists ? place : None;
    }

    /// <summary>Valid until an event is added.</summary>
    public ref EventEntry At(int place) => ref _entries[place];

    public uint EventIdOf(int place) => ((_pages.KeyOf(place >> PageBits) << PageBits) | ((uint)place & (PageSize - 1))) & EventMask;

    /// <summary>ICID, or <see cref="None"/> where MAPC V=0 took the collection.</summary>
    public int CollectionOf(int place) => _collections[place] + None;

    /// <param name="place">Of an event.</param>
    /// <param name="collection">ICID, or <see cref="None"/>.</param>
    public void SetCollection(int place, int collection) => _collections[place] = collection - None;

    /// <summary>An event that is not there yet, without a collection.</summary>
    /// <returns>The place, or <see cref="None"/> where there is no room.</returns>
    public int Add(DeviceEntry device, uint eventId, int interrupt)
    {
        if (Count == Maximum)
        {
            return None;
        }

        Count++;
        device.Events++;
        var place = PlaceOf(PageFor(device, PageKeyOf(device.Id, eventId)), eventId);
        _entries[place].Interrupt = (ushort)interrupt;
        return place;
    }

    /// <summary>An event goes, and its page with the last of it.</summary>
    public void Remove(DeviceEntry device, int place)
    {
        Count--;
        device.Events--;
        _entries[place] = default;
        _collections[place] = 0;
        var page = place >> PageBits;
        if (!MemoryMarshal.Cast<EventEntry, uint>(EntriesOf(page)).ContainsAnyExcept(0u))
        {
            Unlink(device, page);
            _pages.Remove(page);
        }
    }

    /// <summary>The events of a device, by EventID.</summary>
    public List<int> PlacesOf(DeviceEntry device)
    {
        var pages = new List<int>();
        for (var page = device.FirstPage; page != None; page = _nextOfDevice[page])
        {
            pages.Add(page);
        }

        pages.Sort((left, right) => _pages.KeyOf(left).CompareTo(_pages.KeyOf(right)));
        var places = new List<int>(device.Events);
        foreach (var page in pages)
        {
            for (var place = page << PageBits; place < (page + 1) << PageBits; place++)
            {
                if (_entries[place].Exists)
                {
                    places.Add(place);
                }
            }
        }

        return places;
    }

    /// <summary>The events of a collection, in no order that means anything.</summary>
    public List<int> PlacesOf(CollectionEntry collection)
    {
        var places = new List<int>(collection.Events);
        for (var from = 0; places.Count < collection.Events;)
        {
            var place = from + _collections.AsSpan(from).IndexOf((int)collection.Id - None);
            places.Add(place);
            from = place + 1;
        }

        return places;
    }

    /// <summary>No event is in the translation cache any more, of whatever generation.</summary>
    public void ForgetGenerations()
    {
        foreach (ref var entry in _entries.AsSpan())
        {
            entry.CachedIn = 0;
        }
    }

    public void Clear()
    {
        _pages.Clear();
        (_entries, _collections, _nextOfDevice, _previousOfDevice) = ([], [], [], []);
        Count = 0;
    }

    private static uint PageKeyOf(uint deviceId, uint eventId) => (deviceId << EventPages.DeviceShift) | (eventId >> PageBits);

    private static int PlaceOf(int page, uint eventId) => (page << PageBits) | ((int)eventId & (PageSize - 1));

    private Span<EventEntry> EntriesOf(int page) => _entries.AsSpan(page << PageBits, PageSize);

    private int PageFor(DeviceEntry device, uint key)
    {
        var page = _pages.Find(key);
        if (page != EventPages.None)
        {
            return page;
        }

        page = _pages.Add(key);
        if (_nextOfDevice.Length < _pages.Capacity)
        {
            Array.Resize(ref _entries, _pages.Capacity << PageBits);
            Array.Resize(ref _collections, _pages.Capacity << PageBits);
            Array.Resize(ref _nextOfDevice, _pages.Capacity);
            Array.Resize(ref _previousOfDevice, _pages.Capacity);
        }

        Link(device, page);
        return page;
    }

    private void Link(DeviceEntry device, int page)
    {
        (_nextOfDevice[page], _previousOfDevice[page]) = (device.FirstPage, None);
        if (device.FirstPage != None)
        {
            _previousOfDevice[device.FirstPage] = page;
        }

        device.FirstPage = page;
    }

    private void Unlink(DeviceEntry device, int page)
    {
        var (next, previous) = (_nextOfDevice[page], _previousOfDevice[page]);
        if (next != None)
        {
            _previousOfDevice[next] = previous;
        }

        if (previous != None)
        {
            _nextOfDevice[previous] = next;
        }
        else
        {
            device.FirstPage = next;
        }
    }
}
