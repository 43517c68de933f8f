using System.Runtime.InteropServices;
using Trapline.Actors.Devices;
using Trapline.Actors.Kernel;
using Trapline.Actors.Statistics;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Vmm;

/// <summary>
/// The VMM's big lock, as QEMU's: one thread at a time is in its devices. Whoever waits is served in the order of asking;
/// QEMU's mutex promises no order, and this is the fair one. Rows of the VMM's actor.
/// </summary>
internal sealed class BigLock
{
    private readonly RequestQueue _waiting = new();
    private Message _holder;
    private VirtualTime _since;
    private VirtualTime _freeAt;

    public LockStatistics Statistics { get; } = new();

    /// <summary>The request that holds it; kind None where none does.</summary>
    public ref readonly Message Holder => ref _holder;

    public bool IsHeld => _holder.Kind != MessageKind.None;

    /// <summary>When its holder got it.</summary>
    public VirtualTime Since => _since;

    /// <summary>Not before then can the next one have it.</summary>
    public VirtualTime FreeAt => _freeAt;

    public bool IsWanted => !_waiting.IsEmpty;

    public void Ask(in Message request, VirtualTime now)
    {
        if (IsHeld || IsWanted || now < _freeAt)
        {
            Statistics.Enqueued(now);
        }

        _waiting.Add(in request);
    }

    /// <summary>The first that waits gets it; false if nobody waits, somebody holds it, or it is not free yet.</summary>
    public bool TryGrant(VirtualTime now)
    {
        if (IsHeld || now < _freeAt || !_waiting.TryTake(out _holder))
        {
            return false;
        }

        var wait = now - _holder.Due;
        if (wait > VirtualTime.Zero)
        {
            Statistics.Dequeued(now);
        }

        Statistics.Acquired(wait);
        _since = now;
        return true;
    }

    public void Release(VirtualTime freeAt)
    {
        _holder = default;
        _freeAt = freeAt;
    }

    /// <param name="sync">The pass.</param>
    /// <param name="owner">The VMM's actor.</param>
    public void SyncState(StateSync sync, Actor owner)
    {
        _waiting.SyncState(sync, owner);
        sync.Begin("holder");
        sync.Row("word", MemoryMarshal.Cast<Message, ulong>(MemoryMarshal.CreateSpan(ref _holder, 1)));
        sync.End();
        if (sync.Loading && IsHeld)
        {
            owner.CheckRequest("holder", in _holder);
        }

        sync.Row("since", ref _since);
        sync.Row("freeAt", ref _freeAt);
        sync.Begin("statistics");
        Statistics.SyncState(sync);
        sync.End();
    }
}
