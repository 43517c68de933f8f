using Trapline.Devices.Arm.Lpi;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Its;

/// <summary>
/// What KVM keeps of an ITS beside its registers (spec gicv3-its 7.1): devices, events, collections, and which events are in the
/// translation cache. Whatever ends an event empties the cache, so a cached event exists.
/// </summary>
internal sealed class KvmLists(KvmLpis lpis)
{
    private const int LargestId = 0xFFFF;
    private const int Ids = LargestId + 1;
    private const int MaximumEventBits = 16;

    private readonly Dictionary<uint, DeviceEntry> _devices = [];
    private readonly Dictionary<uint, CollectionEntry> _collections = [];
    private long _created;
    private ushort _generation = 1;

    public EventTable Events { get; } = new();

    public DeviceEntry? FindDevice(uint deviceId) => _devices.GetValueOrDefault(deviceId);

    public CollectionEntry? FindCollection(uint collectionId) => _collections.GetValueOrDefault(collectionId);

    public DeviceEntry AddDevice(uint deviceId, ulong table, int eventBits)
    {
        var device = new DeviceEntry(deviceId, table, eventBits);
        _devices.Add(deviceId, device);
        return device;
    }

    public CollectionEntry AddCollection(uint collectionId)
    {
        var collection = new CollectionEntry(collectionId, _created++);
        _collections.Add(collectionId, collection);
        return collection;
    }

    /// <summary>Devices by DeviceID.</summary>
    public List<DeviceEntry> SortedDevices()
    {
        var devices = _devices.Values.ToList();
        devices.Sort((left, right) => left.Id.CompareTo(right.Id));
        return devices;
    }

    /// <summary>Collections by creation.</summary>
    public List<CollectionEntry> CreatedCollections()
    {
        var collections = _collections.Values.ToList();
        collections.Sort((left, right) => left.Created.CompareTo(right.Created));
        return collections;
    }

    public bool IsCached(in EventEntry entry) => entry.CachedIn == _generation;

    public void Cache(ref EventEntry entry) => entry.CachedIn = _generation;

    /// <summary>Costs the same whatever is in it: entries of an older generation are not in it. Once in 65,535 times numbers start anew.</summary>
    public void EmptyCache()
    {
        if (++_generation == 0)
        {
            Events.ForgetGenerations();
            _generation = 1;
        }
    }

    /// <summary>The collection of an event, or null where MAPC V=0 took it.</summary>
    public CollectionEntry? CollectionOf(int place) => Events.CollectionOf(place) is var id and not EventTable.None ? FindCollection((uint)id) : null;

    /// <param name="place">Of an event.</param>
    /// <param name="collection">Or null.</param>
    public void SetCollection(int place, CollectionEntry? collection)
    {
        if (CollectionOf(place) is { } old)
        {
            old.Events--;
        }

        if (collection is not null)
        {
            collection.Events++;
        }

        Events.SetCollection(place, (int?)collection?.Id ?? EventTable.None);
    }

    /// <summary>The LPIs of a collection's events.</summary>
    public LpiSet InterruptsOf(CollectionEntry collection)
    {
        var interrupts = new LpiSet();
        foreach (var place in Events.PlacesOf(collection))
        {
            interrupts.Add(Events.At(place).Interrupt);
        }

        return interrupts;
    }

    /// <summary>An event that is not there yet; its reference to an LPI is the caller's to take.</summary>
    /// <returns>The place, or <see cref="EventTable.None"/> where there is no room.</returns>
    public int AddEvent(DeviceEntry device, uint eventId, int interrupt, CollectionEntry? collection)
    {
        var place = Events.Add(device, eventId, interrupt);
        if (place != EventTable.None)
        {
            SetCollection(place, collection);
        }

        return place;
    }

    /// <summary>The event goes; its reference to an LPI is the caller's to give back.</summary>
    public void TakeEvent(DeviceEntry device, int place)
    {
        SetCollection(place, null);
        Events.Remove(device, place);
    }

    /// <summary>The event goes, and with it a reference to its LPI.</summary>
    public void RemoveEvent(DeviceEntry device, int place)
    {
        var interrupt = Events.At(place).Interrupt;
        TakeEvent(device, place);
        lpis.Drop(interrupt);
    }

    /// <summary>The device goes with its events, in the order of their ids, and the cache is emptied.</summary>
    public void RemoveDevice(DeviceEntry device)
    {
        foreach (var place in Events.PlacesOf(device))
        {
            RemoveEvent(device, place);
        }

        EmptyCache();
        _devices.Remove(device.Id);
    }

    /// <summary>The collection goes; its events stay without one, for ever. The cache is the caller's to empty.</summary>
    public void RemoveCollection(CollectionEntry collection)
    {
        foreach (var place in Events.PlacesOf(collection))
        {
            SetCollection(place, null);
        }

        _collections.Remove(collection.Id);
    }

    /// <summary>All go; where there was none, nothing was in the cache.</summary>
    public void RemoveDevices()
    {
        foreach (var device in SortedDevices())
        {
            RemoveDevice(device);
        }
    }

    public void RemoveCollections()
    {
        foreach (var collection in CreatedCollections())
        {
            RemoveCollection(collection);
        }

        EmptyCache();
    }

    /// <summary>Collections by creation, devices and events by id: nothing can tell in which order those were made.</summary>
    public void SyncState(StateSync sync)
    {
        var collections = CreatedCollections();
        var devices = SortedDevices();
        if (sync.Loading)
        {
            _devices.Clear();
            _collections.Clear();
            Events.Clear();
            (_created, _generation) = (0, 1);
        }

        var count = collections.Count;
        sync.Count("collections", ref count, Ids);
        for (var i = 0; i < count; i++)
        {
            sync.Begin("collection", i);
            SyncCollection(sync, sync.Loading ? null : collections[i]);
            sync.End();
        }

        count = devices.Count;
        sync.Count("devices", ref count, Ids);
        for (var i = 0; i < count; i++)
        {
            sync.Begin("device", i);
            SyncDevice(sync, sync.Loading ? null : devices[i]);
            sync.End();
        }
    }

    private void SyncCollection(StateSync sync, CollectionEntry? collection)
    {
        var (id, target) = (collection?.Id ?? 0, collection?.Target ?? 0);
        sync.Row("icid", ref id);
        sync.Row("target", ref target);
        if (sync.Loading)
        {
            Check(id <= LargestId && !_collections.ContainsKey(id), $"collection {id} is twice there, or above {LargestId}");
            AddCollection(id).Target = target;
        }
    }

    private void SyncDevice(StateSync sync, DeviceEntry? device)
    {
        var (id, table, bits) = (device?.Id ?? 0, device?.Table ?? 0, device?.EventBits ?? 0);
        sync.Row("device_id", ref id);
        sync.Row("itt", ref table);
        sync.Row("event_bits", ref bits);
        if (sync.Loading)
        {
            Check(id <= LargestId && !_devices.ContainsKey(id) && bits is > 0 and <= MaximumEventBits + MaximumEventBits, $"device {id} with {bits} event bits is twice there, or above {LargestId}");
            Check((table & ~ItsCommand.TableAddressMask) == 0, $"the table of device {id} is at 0x{table:x}: bits 51:8 are an address");
            device = AddDevice(id, table, bits);
        }

        var places = Events.PlacesOf(device!);
        var count = places.Count;
        sync.Count("events", ref count, EventTable.Maximum);
        for (var i = 0; i < count; i++)
        {
            sync.Begin("event", i);
            SyncEvent(sync, device!, sync.Loading ? EventTable.None : places[i]);
            sync.End();
        }
    }

    private void SyncEvent(StateSync sync, DeviceEntry device, int place)
    {
        var (id, interrupt, hasCollection, collection, isCached) = (0u, 0, false, 0u, false);
        if (!sync.Loading)
        {
            ref var entry = ref Events.At(place);
            (id, interrupt, isCached) = (Events.EventIdOf(place), entry.Interrupt, IsCached(entry));
            (hasCollection, collection) = (CollectionOf(place) is not null, CollectionOf(place)?.Id ?? 0);
        }

        sync.Row("event_id", ref id);
        sync.Row("intid", ref interrupt);
        sync.Row("has_collection", ref hasCollection);
        sync.Row("icid", ref collection);
        sync.Row("cached", ref isCached);
        if (!sync.Loading)
        {
            return;
        }

        var found = hasCollection ? FindCollection(collection) : null;
        Check(id <= LargestId && id < 1UL << device.EventBits && Events.Find(device.Id, id) == EventTable.None, $"event {id} of device {device.Id} is twice there, or too great");
        Check(found is not null == hasCollection, $"event {id} of device {device.Id} refers to collection {collection}, which there is not");
        Check(!isCached || found is { IsMapped: true }, $"event {id} of device {device.Id} is in the translation cache without a target");
        lpis.CountReference(interrupt);
        place = AddEvent(device, id, interrupt, found);
        Check(place != EventTable.None, $"more than {EventTable.Maximum} events");
        if (isCached)
        {
            Cache(ref Events.At(place));
        }
    }

    private static void Check(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new StateFormatException(otherwise);
        }
    }
}
