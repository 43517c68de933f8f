using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Memory;

/// <summary>
/// The home of a group's pages: does the accesses of other groups, an atomic one too, in the order in which they come,
/// and tells who waits for a change. So memory is sequentially consistent, and spinning sends nothing.
/// </summary>
public sealed partial class MemoryActor : Actor
{
    private readonly GuestMemory _memory;
    private readonly int _waiterLimit;
    private readonly List<Watch> _watches = [];

    /// <param name="address">Its address.</param>
    /// <param name="memory">The pages.</param>
    /// <param name="waiterLimit">vCPUs of the machine: each waits for one thing at a time.</param>
    public MemoryActor(ActorAddress address, GuestMemory memory, int waiterLimit)
        : base(address)
    {
        _memory = memory;
        _waiterLimit = waiterLimit;
    }

    /// <summary>True if somebody waits: a store inside the group must then come by <see cref="Changed"/>.</summary>
    public bool HasWatches => _watches.Count > 0;

    /// <summary>Word 1 of a <see cref="MessageKind.MemoryAccess"/>.</summary>
    public static ulong Encode(MemoryOperation operation, AccessWidth width) => (ulong)operation | ((ulong)width << 8);

    /// <summary>Something at this address was written: tells those whose value is no longer there, once.</summary>
    public void Changed(ulong address)
    {
        for (var i = 0; i < _watches.Count;)
        {
            var watch = _watches[i];
            if ((watch.Address ^ address) < 8 && _memory.Read(watch.Address, watch.Width) != watch.Value)
            {
                _watches.RemoveAt(i);
                Send(watch.Subscriber, MessageKind.MemoryChanged, watch.Number);
                continue;
            }

            i++;
        }
    }

    protected override void Handle(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.MemoryAccess:
                Access(in message);
                break;
            case MessageKind.MemoryWatch:
                AddWatch(in message);
                break;
            case MessageKind.DirtyLog:
                ServeLog(in message);
                break;
            case MessageKind.PageWords:
                TakeWords(in message);
                break;
            case MessageKind.Inspect:
                Observer?.Inspected(this, in message);
                break;
            default:
                throw Unexpected(in message);
        }
    }

    protected override void SyncRows(StateSync sync)
    {
        _memory.SyncState(sync);
        if (IsMigratable)
        {
            // Rows only where a VM may leave its host: other runs keep their digests.
            _memory.SyncLog(sync);
            sync.Row("gone", ref _isGone);
        }

        sync.List("watches", "watch", _watches, _waiterLimit, static (StateSync rows, ref Watch watch) =>
        {
            rows.Row("subscriber", ref watch.Subscriber);
            rows.Row("address", ref watch.Address);
            var width = (byte)watch.Width;
            rows.RowBelow("width", ref width, 4);
            watch.Width = (AccessWidth)width;
            rows.Row("value", ref watch.Value);
            rows.Row("number", ref watch.Number);
        });
        if (sync.Loading)
        {
            CheckLoaded();
        }
    }

    /// <summary>Memory is reached without bounds checks, and a page that two homes have would be two memories.</summary>
    private void CheckLoaded()
    {
        var home = Address.Index < _waiterLimit ? Address.Index : GuestLayout.Board;
        foreach (var page in _memory.TouchedPages())
        {
            if (!_memory.Layout.TryFindHome(page * GuestMemory.PageBytes, _waiterLimit, out var owner) || owner != home)
            {
                throw new StateFormatException($"row 'page': page {page} is not at home here");
            }
        }

        for (var i = 0; i < _watches.Count; i++)
        {
            var watch = _watches[i];
            var isAligned = (watch.Address & ((1UL << (int)watch.Width) - 1)) == 0;
            if (!isAligned || !_memory.Layout.IsMemory(watch.Address) || watch.Subscriber.Role != ActorRole.Vcpu)
            {
                throw new StateFormatException($"row 'watch[{i}]': {watch.Subscriber} cannot wait for 0x{watch.Address:x} with a width of {watch.Width}");
            }

            CheckKnown($"watch[{i}].subscriber", watch.Subscriber);
            if (_watches.FindIndex(other => other.Subscriber == watch.Subscriber) < i)
            {
                throw new StateFormatException($"row 'watch[{i}]': {watch.Subscriber} waits for two things");
            }
        }
    }

    private void Access(in Message message)
    {
        var operation = (MemoryOperation)(byte)message.Word1;
        var width = CheckAccess(in message, message.Word1 >> 8);
        var value = _memory.Access(operation, message.Word0, width, message.Word2, message.Word3);
        if (operation != MemoryOperation.Read && HasWatches)
        {
            Changed(message.Word0);
        }

        Send(message.Source, MessageKind.MemoryAnswer, value);
    }

    /// <summary>
    /// One row per subscriber: a handler that waits replaces the wait that it interrupted, which is restarted after it.
    /// A value that is news already is told at once.
    /// </summary>
    private void AddWatch(in Message message)
    {
        var watch = new Watch
        {
            Subscriber = message.Source,
            Address = message.Word0,
            Width = CheckAccess(in message, message.Word1),
            Value = message.Word2,
            Number = message.Word3,
        };
        RemoveWatch(message.Source);
        if (_memory.Read(watch.Address, watch.Width) != watch.Value)
        {
            Send(watch.Subscriber, MessageKind.MemoryChanged, watch.Number);
            return;
        }

        _watches.Add(watch);
    }

    private void RemoveWatch(ActorAddress subscriber)
    {
        for (var i = 0; i < _watches.Count; i++)
        {
            if (_watches[i].Subscriber == subscriber)
            {
                _watches.RemoveAt(i);
                return;
            }
        }
    }

    /// <summary>vCPUs check their addresses, but a message may come from another node: memory is reached without bounds checks.</summary>
    private AccessWidth CheckAccess(in Message message, ulong width)
    {
        var address = message.Word0;
        var fits = width <= (ulong)AccessWidth.Double && (address & ((1UL << (int)width) - 1)) == 0;
        return fits && _memory.Layout.IsMemory(address)
            ? (AccessWidth)width
            : throw new SimulationException($"{Address} got an access that is misaligned or beyond the end of memory at {Now}: {message}");
    }

    private struct Watch
    {
        public ActorAddress Subscriber;
        public ulong Address;
        public AccessWidth Width;
        public ulong Value;
        public ulong Number;
    }
}
