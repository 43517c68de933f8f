using System.Numerics;
using System.Runtime.InteropServices;
using Trapline.Actors.Kernel;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Devices;

/// <summary>Requests that wait for a device's lock, first in, first out. Saved rows of the device's actor.</summary>
internal sealed class RequestQueue
{
    /// <summary>Every actor of a machine has at most one request open at a device, and a device has few timers.</summary>
    private const int Limit = 2 * ActorAddress.IndexLimit;

    private Message[] _ring = new Message[4];
    private int _head;
    private int _count;

    public bool IsEmpty => _count == 0;

    /// <exception cref="SimulationException">More wait than there are actors that can: somebody does not await its answers.</exception>
    public void Add(in Message request)
    {
        if (_count == Limit)
        {
            throw new SimulationException($"{Limit} requests wait for the lock of {request.Target}, with one more from {request.Source}: each actor should await its answer before it asks again");
        }

        if (_count == _ring.Length)
        {
            Grow(_count + 1);
        }

        _ring[PlaceOf(_count++)] = request;
    }

    /// <summary>Takes the first request; false if there is none.</summary>
    public bool TryTake(out Message request)
    {
        if (_count == 0)
        {
            request = default;
            return false;
        }

        request = _ring[_head];
        _head = PlaceOf(1);
        _count--;
        return true;
    }

    /// <summary>Drops the expiry of a timer that was set anew or cancelled while its expiry waited.</summary>
    public void ForgetTimer(int timer)
    {
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            ref var request = ref _ring[PlaceOf(i)];
            if (request.Kind != MessageKind.Timer || request.Word0 != (ulong)timer)
            {
                _ring[PlaceOf(kept++)] = request;
            }
        }

        _count = kept;
    }

    /// <param name="sync">The pass.</param>
    /// <param name="owner">To whom the requests came.</param>
    public void SyncState(StateSync sync, Actor owner)
    {
        var count = _count;
        sync.Count("waiting", ref count, Limit);
        if (sync.Loading)
        {
            (_head, _count) = (0, count);
            Grow(count);
        }

        for (var i = 0; i < count; i++)
        {
            sync.Begin("request", i);
            sync.Row("word", MemoryMarshal.Cast<Message, ulong>(_ring.AsSpan(PlaceOf(i), 1)));
            sync.End();
            if (sync.Loading)
            {
                owner.CheckRequest("request", in _ring[PlaceOf(i)]);
            }
        }
    }

    private int PlaceOf(int index) => (_head + index) & (_ring.Length - 1);

    private void Grow(int needed)
    {
        if (needed <= _ring.Length)
        {
            return;
        }

        var larger = new Message[(int)BitOperations.RoundUpToPowerOf2((uint)needed)];
        for (var i = 0; i < Math.Min(_count, _ring.Length); i++)
        {
            larger[i] = _ring[PlaceOf(i)];
        }

        _ring = larger;
        _head = 0;
    }
}
