using Trapline.Messages;

namespace Trapline.Actors.Tests.Kernel;

/// <summary>The order of a queue, written down as plainly as it is defined: a list that is searched from end to end.</summary>
internal sealed class QueueModel(ulong seed)
{
    private readonly List<(Message Message, int Timer)> _waiting = [];

    public int Count => _waiting.Count;

    public bool SeedDecided { get; private set; }

    public VirtualTime NextDue => _waiting.Count == 0 ? VirtualTime.Never : _waiting.Min(each => each.Message.Due);

    public void Add(Message message, int timer = -1)
    {
        if (timer >= 0)
        {
            Cancel(timer);
        }

        _waiting.Add((message, timer));
    }

    public void Cancel(int timer) => _waiting.RemoveAll(each => each.Timer == timer);

    public Message Pop()
    {
        var first = _waiting.MinBy(each => Order(each.Message));
        _waiting.Remove(first);
        if (_waiting.Count > 0)
        {
            var next = Order(_waiting.MinBy(each => Order(each.Message)).Message);
            SeedDecided |= next.Due == first.Message.Due.Picoseconds && next.Rank != Order(first.Message).Rank;
        }

        return first.Message;
    }

    private (long Due, ulong Rank, uint Source, ulong Sequence) Order(Message message) =>
        (message.Due.Picoseconds, CounterRandom.Rank(seed, message.Due, message.Source), message.Source.Value, message.Sequence);
}
