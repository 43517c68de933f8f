using System.Runtime.CompilerServices;
using Trapline.Messages;

namespace Trapline.Actors.Kernel;

/// <summary>
/// What the groups that one thread ran in a window leave behind: messages to other groups, by the thread that will deliver
/// them, and the first end that was asked for.
/// </summary>
internal sealed class WorkerOutput
{
    private readonly byte[] _ownerOfGroup;
    private readonly Outbox[] _outboxes;

    public WorkerOutput(GroupOwners owners)
    {
        _ownerOfGroup = owners.OfGroup;
        _outboxes = new Outbox[owners.Threads + 1];
        for (var owner = 0; owner < _outboxes.Length; owner++)
        {
            _outboxes[owner] = new Outbox();
        }
    }

    public EndRequest? End { get; private set; }

    /// <summary>By how many more messages wait in the queues of the groups that were run.</summary>
    public long Waiting { get; set; }

    /// <summary>What its groups sent to those of this owner.</summary>
    public Outbox this[int owner] => _outboxes[owner];

    /// <summary>Room for one more message to this group; the caller fills in every field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Message To(int group) => ref _outboxes[_ownerOfGroup[group]].Add(group);

    public void RequestEnd(EndRequest request) => End = EndRequest.First(End, request);
}
