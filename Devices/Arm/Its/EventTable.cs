using System.Runtime.InteropServices;

namespace Trapline.Devices.Arm.Its;

/// <summary>
/// All events of an ITS of KVM's, found in one look-up however many there are, and linked by device and by collection so that ending
/// a mapping costs what it made. Places of ended ones are used again.
/// </summary>
internal sealed class EventTable
{
    public const int None = -1;
    public const int EventBits = 16;
    public const uint EventMask = 0xFFFF;

    /// <summary>
    /// Events of an ITS at most. KVM has what its memory holds, 65,536 devices of 65,536 events; here one more is -ENOMEM, so that
    /// no guest can take all memory of the host.
    /// </summary>
    public const int Maximum = 1 << 18;

    private readonly Dictionary<uint, int> _places = [];
    private readonly List<EventEntry> _entries = [];
    private readonly Stack<int> _free = new();

    public int Count => _places.Count;

    public static uint KeyOf(uint deviceId, uint eventId) => (deviceId << EventBits) | eventId;

    /// <summary>The place of an event, or <see cref="None"/>.</summary>
    public int Find(uint deviceId, uint eventId) =>
        (deviceId | eventId) <= EventMask && _places.TryGetValue(KeyOf(deviceId, eventId), out var place) ? place : None;

    /// <summary>Valid until an event is added.</summary>
    public ref EventEntry At(int place) => ref CollectionsMarshal.AsSpan(_entries)[place];

    /// <returns>The place, or <see cref="None"/> where there is no room.</returns>
    public int Add(DeviceEntry device, uint eventId, int interrupt, CollectionEntry? collection)
    {
        if (_places.Count == Maximum)
        {
            return None;
        }

        if (!_free.TryPop(out var place))
        {
            place = _entries.Count;
            _entries.Add(default);
        }

        ref var entry = ref At(place);
        entry = new EventEntry(KeyOf(device.Id, eventId), interrupt, null, 0) { NextOfDevice = device.FirstEvent, PreviousOfDevice = None };
        if (device.FirstEvent != None)
        {
            At(device.FirstEvent).PreviousOfDevice = place;
        }

        device.FirstEvent = place;
        _places.Add(entry.Key, place);
        SetCollection(place, collection);
        return place;
    }

    public void Remove(DeviceEntry device, int place)
    {
        SetCollection(place, null);
        ref var entry = ref At(place);
        if (entry.PreviousOfDevice == None)
        {
            device.FirstEvent = entry.NextOfDevice;
        }
        else
        {
            At(entry.PreviousOfDevice).NextOfDevice = entry.NextOfDevice;
        }

        if (entry.NextOfDevice != None)
        {
            At(entry.NextOfDevice).PreviousOfDevice = entry.PreviousOfDevice;
        }

        _places.Remove(entry.Key);
        entry = default;
        _free.Push(place);
    }

    public void SetCollection(int place, CollectionEntry? collection)
    {
        ref var entry = ref At(place);
        if (entry.Collection is { } old)
        {
            Unlink(ref entry, old);
        }

        entry.Collection = collection;
        if (collection is null)
        {
            return;
        }

        (entry.PreviousOfCollection, entry.NextOfCollection) = (None, collection.FirstEvent);
        if (collection.FirstEvent != None)
        {
            At(collection.FirstEvent).PreviousOfCollection = place;
        }

        collection.FirstEvent = place;
    }

    /// <summary>The events of a device, by EventID.</summary>
    public List<int> PlacesOf(DeviceEntry device)
    {
        var places = new List<int>();
        for (var place = device.FirstEvent; place != None; place = At(place).NextOfDevice)
        {
            places.Add(place);
        }

        places.Sort((left, right) => At(left).Key.CompareTo(At(right).Key));
        return places;
    }

    /// <summary>The LPIs of a collection's events, by INTID; one may be there twice.</summary>
    public List<int> InterruptsOf(CollectionEntry collection)
    {
        var interrupts = new List<int>();
        for (var place = collection.FirstEvent; place != None; place = At(place).NextOfCollection)
        {
            interrupts.Add(At(place).Interrupt);
        }

        interrupts.Sort();
        return interrupts;
    }

    public void Clear()
    {
        _places.Clear();
        _entries.Clear();
        _free.Clear();
    }

    private void Unlink(ref EventEntry entry, CollectionEntry collection)
    {
        if (entry.PreviousOfCollection == None)
        {
            collection.FirstEvent = entry.NextOfCollection;
        }
        else
        {
            At(entry.PreviousOfCollection).NextOfCollection = entry.NextOfCollection;
        }

        if (entry.NextOfCollection != None)
        {
            At(entry.NextOfCollection).PreviousOfCollection = entry.PreviousOfCollection;
        }
    }
}
