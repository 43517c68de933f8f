using System.Runtime.CompilerServices;
using Trapline.Messages;

namespace Trapline.Actors.Kernel;

/// <summary>
/// Messages without delay inside a group: first in, first out, all before the next queued one. Bounded: more than the
/// limit at one instant are a cycle that would never let time go on.
/// </summary>
internal struct ImmediateQueue()
{
    private Message[] _ring = [];
    private int _head;
    private int _count;

    public readonly bool IsEmpty
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _count == 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Message Add()
    {
        if (_count == _ring.Length)
        {
            Grow();
        }

        return ref _ring[(_head + _count++) & (_ring.Length - 1)];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(out Message message)
    {
        message = _ring[_head];
        _head = (_head + 1) & (_ring.Length - 1);
        _count--;
    }

    private void Grow()
    {
        var larger = new Message[Math.Max(8, _ring.Length * 2)];
        for (var i = 0; i < _count; i++)
        {
            larger[i] = _ring[(_head + i) & (_ring.Length - 1)];
        }

        _ring = larger;
        _head = 0;
    }
}
