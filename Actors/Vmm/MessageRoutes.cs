using Trapline.Devices.Common.Kvm;
using Trapline.Messages.State;

namespace Trapline.Actors.Vmm;

/// <summary>
/// What the VMM knows of the messages of devices that signal by eventfds, and the routing table that it gives the kernel:
/// a GSI for each pin, then one for each queue. Rows of the VMM's actor.
/// </summary>
internal sealed class MessageRoutes(int queues)
{
    private readonly uint[] _data = new uint[queues];
    private readonly bool[] _used = new bool[queues];
    private readonly bool[] _assigned = new bool[queues];

    /// <summary>GSIs of messages begin after those of the pins.</summary>
    public static uint GsiOf(int queue) => (uint)(RoutingRules.LoongArch.Pins + queue);

    /// <summary>Queues that it has room for.</summary>
    public int Count => _data.Length;

    public uint DataOf(int queue) => _data[queue];

    public bool IsUsed(int queue) => _used[queue];

    /// <summary>Whether its eventfd is tied to its GSI.</summary>
    public ref bool IsAssigned(int queue) => ref _assigned[queue];

    public void Set(int queue, uint data, bool isUsed) => (_data[queue], _used[queue]) = (data, isUsed);

    /// <summary>The process is over.</summary>
    public void Clear()
    {
        Array.Clear(_data);
        Array.Clear(_used);
        Array.Clear(_assigned);
    }

    /// <summary>The whole table, as KVM_SET_GSI_ROUTING takes it.</summary>
    public IEnumerable<GsiRoute> Entries() =>
        Enumerable.Range(0, RoutingRules.LoongArch.Pins).Select(pin => GsiRoute.ToPin((uint)pin, (uint)pin))
            .Concat(Enumerable.Range(0, _data.Length).Where(queue => _used[queue]).Select(queue => GsiRoute.ToMessage(GsiOf(queue), _data[queue])));

    public bool Has(int queue) => (uint)queue < (uint)_data.Length;

    /// <summary>Refuses a loaded number of a queue that does not exist; a machine without queues has 0.</summary>
    public void Check(string row, int queue)
    {
        if (!Has(queue) && queue != 0)
        {
            throw new StateFormatException($"row '{row}': there is no queue {queue}");
        }
    }

    public void SyncState(StateSync sync)
    {
        for (var queue = 0; queue < _data.Length; queue++)
        {
            sync.Begin("queue", queue);
            sync.Row("data", ref _data[queue]);
            sync.Row("used", ref _used[queue]);
            sync.Row("assigned", ref _assigned[queue]);
            sync.End();
        }
    }
}
