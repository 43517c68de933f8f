namespace Trapline.Devices.Arm.Cpu;

/// <content>
/// The pending ones that are not active, of each group a binary heap of slots by <see cref="HeldInterrupt.Key"/>. An entry knows its
/// position in the heap, so that one in the middle can leave. Keys are distinct: the order of arrival leaves no trace.
/// </content>
internal sealed partial class HeldInterrupts
{
    private const int Groups = 2;

    private readonly int[][] _queues = [new int[FirstCapacity], new int[FirstCapacity]];
    private readonly int[] _lengths = new int[Groups];

    private int First(int group) => _lengths[group] > 0 ? _queues[group][0] : None;

    private void ClearQueues() => Array.Clear(_lengths);

    /// <summary>Whatever has changed of an entry, its group included: it leaves where it was and goes where it belongs.</summary>
    private void Requeue(int slot)
    {
        Leave(slot);
        ref var entry = ref _entries[slot];
        if (!entry.IsPending || entry.Active)
        {
            return;
        }

        ref var queue = ref _queues[entry.Group];
        ref var length = ref _lengths[entry.Group];
        if (length == queue.Length)
        {
            Array.Resize(ref queue, length * 2);
        }

        SiftUp(queue, length++, slot);
    }

    /// <summary>Takes an entry out of whichever queue it is in: its group may have changed meanwhile.</summary>
    private void Leave(int slot)
    {
        ref var entry = ref _entries[slot];
        var position = entry.Position;
        if (position == HeldInterrupt.NotQueued)
        {
            return;
        }

        var group = position < _lengths[0] && _queues[0][position] == slot ? 0 : 1;
        entry.Position = HeldInterrupt.NotQueued;
        var queue = _queues[group];
        var last = --_lengths[group];
        if (position == last)
        {
            return;
        }

        var moved = queue[last];
        if (position > 0 && KeyOf(moved) < KeyOf(queue[(position - 1) / 2]))
        {
            SiftUp(queue, position, moved);
        }
        else
        {
            SiftDown(queue, last, position, moved);
        }
    }

    /// <summary>An entry has got another slot.</summary>
    private void Moved(int slot)
    {
        ref var entry = ref _entries[slot];
        if (entry.Position != HeldInterrupt.NotQueued)
        {
            _queues[entry.Group][entry.Position] = slot;
        }
    }

    private void SiftUp(int[] queue, int position, int slot)
    {
        var key = KeyOf(slot);
        while (position > 0 && key < KeyOf(queue[(position - 1) / 2]))
        {
            Place(queue, position, queue[(position - 1) / 2]);
            position = (position - 1) / 2;
        }

        Place(queue, position, slot);
    }

    private void SiftDown(int[] queue, int length, int position, int slot)
    {
        var key = KeyOf(slot);
        while ((position * 2) + 1 is var child && child < length)
        {
            child += child + 1 < length && KeyOf(queue[child + 1]) < KeyOf(queue[child]) ? 1 : 0;
            if (key < KeyOf(queue[child]))
            {
                break;
            }

            Place(queue, position, queue[child]);
            position = child;
        }

        Place(queue, position, slot);
    }

    private void Place(int[] queue, int position, int slot)
    {
        queue[position] = slot;
        _entries[slot].Position = position;
    }

    private uint KeyOf(int slot) => _entries[slot].Key;
}
