using Trapline.Messages;

namespace Trapline.Actors.Kernel;

/// <summary>
/// Those due first, where several are due at one time, in the order that the seed gives them: each rank is computed once,
/// however many tie. Only a view: they stay in the queue until they are taken.
/// </summary>
internal sealed class TiedMessages
{
    private readonly List<int> _slots = [];
    private MessageOrder[] _order = new MessageOrder[8];
    private int _next;
    private int _end;

    public bool Any => _next < _end;

    /// <summary>When all of them are due.</summary>
    public long Due => _order[_next].Due;

    public void Clear() => _next = _end = 0;

    /// <summary>Puts one into its place.</summary>
    public void Add(in MessageOrder added)
    {
        if (_end == _order.Length)
        {
            Array.Resize(ref _order, _end * 2);
        }

        var place = _end++;
        for (; place > _next && added.CompareTo(_order[place - 1]) < 0; place--)
        {
            _order[place] = _order[place - 1];
        }

        _order[place] = added;
    }

    /// <summary>Finds all that are due first; there must be none yet.</summary>
    public void Fill(in DueTree dues, Message[] slab, ulong seed)
    {
        (_next, _end) = (0, 0);
        _slots.Clear();
        dues.AddFirst(_slots);
        if (_order.Length < _slots.Count)
        {
            Array.Resize(ref _order, _slots.Capacity);
        }

        foreach (var slot in _slots)
        {
            _order[_end++] = MessageOrder.Of(in slab[slot], seed, slot);
        }

        _order.AsSpan(0, _end).Sort();
    }

    /// <summary>Takes one out that is due at another time now, or not at all.</summary>
    public void Remove(int slot)
    {
        for (var place = _next; place < _end; place++)
        {
            if (_order[place].Slot == slot)
            {
                _order.AsSpan(place + 1, --_end - place).CopyTo(_order.AsSpan(place));
                return;
            }
        }
    }

    /// <summary>The slot of the first; <paramref name="chosen"/> is true where the seed put it before the next one.</summary>
    public int Take(out bool chosen)
    {
        ref readonly var first = ref _order[_next++];
        chosen = Any && _order[_next].Rank != first.Rank;
        return first.Slot;
    }
}
