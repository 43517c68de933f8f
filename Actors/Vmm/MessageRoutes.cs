using Trapline.Devices.Common.Kvm;
using Trapline.Messages.State;

namespace Trapline.Actors.Vmm;

/// <summary>
/// What the VMM knows of the messages of devices that signal by eventfds, and the routing table that it gives the kernel:
/// a GSI for each pin, then one for each queue. Rows of the VMM's actor.
/// </summary>
/// <param name="queues">Queues that it has room for.</param>
/// <param name="pins">Of the interrupt controller.</param>
/// <param name="rules">How the architecture routes interrupts.</param>
internal sealed class MessageRoutes(int queues, int pins, RoutingRules rules)
{
    private readonly KvmMessage[] _messages = new KvmMessage[queues];
    private readonly bool[] _used = new bool[queues];
    private readonly bool[] _assigned = new bool[queues];

    /// <summary>Queues that it has room for.</summary>
    public int Count => _messages.Length;

    /// <summary>GSIs of messages begin after those of the pins.</summary>
    public uint GsiOf(int queue) => (uint)(pins + queue);

    public ref readonly KvmMessage MessageOf(int queue) => ref _messages[queue];

    public bool IsUsed(int queue) => _used[queue];

    /// <summary>Whether its eventfd is tied to its GSI.</summary>
    public ref bool IsAssigned(int queue) => ref _assigned[queue];

    public void Set(int queue, in KvmMessage message, bool isUsed) => (_messages[queue], _used[queue]) = (message, isUsed);

    /// <summary>The process is over.</summary>
    public void Clear()
    {
        Array.Clear(_messages);
        Array.Clear(_used);
        Array.Clear(_assigned);
    }

    /// <summary>The whole table, as KVM_SET_GSI_ROUTING takes it.</summary>
    public IEnumerable<GsiRoute> Entries() =>
        Enumerable.Range(0, pins).Select(pin => GsiRoute.ToPin((uint)pin, (uint)pin))
            .Concat(Enumerable.Range(0, _messages.Length).Where(queue => _used[queue]).Select(queue => GsiRoute.ToMessage(GsiOf(queue), _messages[queue])));

    public bool Has(int queue) => (uint)queue < (uint)_messages.Length;

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
        for (var queue = 0; queue < _messages.Length; queue++)
        {
            sync.Begin("queue", queue);
            SyncMessage(sync, ref _messages[queue]);
            sync.Row("used", ref _used[queue]);
            sync.Row("assigned", ref _assigned[queue]);
            sync.End();
        }
    }

    private void SyncMessage(StateSync sync, ref KvmMessage message)
    {
        var (data, address, deviceId, flags) = message;
        sync.Row("data", ref data);
        if (rules.MessagesHaveAddress)
        {
            sync.Row("address", ref address);
            sync.Row("deviceId", ref deviceId);
            sync.Row("flags", ref flags);
        }

        message = new KvmMessage(data, address, deviceId, flags);
    }
}
