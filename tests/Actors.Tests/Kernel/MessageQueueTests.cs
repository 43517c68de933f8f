using Trapline.Actors.Kernel;
using Trapline.Messages;
using Xunit;

namespace Trapline.Actors.Tests.Kernel;

public sealed class MessageQueueTests
{
    private const ulong Seed = 42;

    [Fact]
    public void Messages_come_out_by_due_time_then_rank_then_source_then_sequence()
    {
        var queue = new MessageQueue(Seed);
        var messages = new List<Message>();
        for (ulong n = 0; n < 2_000; n++)
        {
            // Few times and few sources: most messages tie with others.
            messages.Add(new Message
            {
                Due = new VirtualTime((long)Draw(n, 0, 20)),
                Source = new ActorAddress(0, ActorRole.Process, (int)Draw(n, 1, 10)),
                Sequence = n,
                Kind = MessageKind.Synthetic,
            });
            queue.Push(messages[^1]);
        }

        var expected = messages
            .OrderBy(message => message.Due)
            .ThenBy(message => CounterRandom.Rank(Seed, message.Due, message.Source))
            .ThenBy(message => message.Source)
            .ThenBy(message => message.Sequence);
        foreach (var message in expected)
        {
            queue.Pop(out var popped);
            Assert.Equal(message.Sequence, popped.Sequence);
        }

        Assert.True(queue.NextDue.IsNever);
        Assert.True(queue.SeedDecided);
    }

    [Fact]
    public void Pushing_popping_and_timers_agree_with_a_sorted_list()
    {
        var queue = new MessageQueue(Seed);
        var model = new SortedDictionary<(long Due, ulong Rank, ulong Sequence), int>();
        var timers = Enumerable.Range(0, 8).Select(i => (Slot: queue.AddTimer(Owner(i), i), Key: default((long, ulong, ulong)?))).ToArray();
        for (ulong n = 0; n < 20_000; n++)
        {
            var now = model.Count == 0 ? 0 : model.First().Key.Due;
            var due = new VirtualTime(now + (long)Draw(n, 2, 1_000));
            switch (Draw(n, 3, 5))
            {
                case 0 or 1:
                    var pushed = new Message { Due = due, Source = Owner(20), Sequence = n, Kind = MessageKind.Synthetic };
                    queue.Push(pushed);
                    model.Add((due.Picoseconds, CounterRandom.Rank(Seed, due, pushed.Source), n), -1);
                    break;
                case 2:
                    var armed = (int)Draw(n, 4, 8);
                    queue.ArmTimer(timers[armed].Slot, due, n);
                    Forget(armed);
                    timers[armed].Key = (due.Picoseconds, CounterRandom.Rank(Seed, due, Owner(armed)), n);
                    model.Add(timers[armed].Key!.Value, armed);
                    break;
                case 3:
                    var cancelled = (int)Draw(n, 4, 8);
                    queue.CancelTimer(timers[cancelled].Slot);
                    Forget(cancelled);
                    break;
                case 4 when model.Count > 0:
                    var (key, timer) = model.First();
                    queue.Pop(out var popped);
                    Assert.Equal((key.Due, key.Sequence), (popped.Due.Picoseconds, popped.Sequence));
                    Assert.Equal(timer >= 0, popped.Kind == MessageKind.Timer);
                    model.Remove(key);
                    if (timer >= 0)
                    {
                        timers[timer].Key = null;
                    }

                    break;
                default:
                    break;
            }

            Assert.Equal(model.Count, queue.Count);
        }

        void Forget(int timer)
        {
            if (timers[timer].Key is { } old)
            {
                model.Remove(old);
                timers[timer].Key = null;
            }
        }
    }

    [Fact]
    public void A_timer_that_is_set_again_does_not_come_twice()
    {
        var queue = new MessageQueue(Seed);
        var timer = queue.AddTimer(Owner(0), 0);
        for (var i = 0; i < 1_000; i++)
        {
            queue.ArmTimer(timer, new VirtualTime(1_000 - i), (ulong)i);
        }

        Assert.Equal(1, queue.Count);
        queue.Pop(out var message);
        Assert.Equal((1, 999UL), (message.Due.Picoseconds, message.Sequence));
        Assert.Equal(0, queue.Count);
    }

    private static ActorAddress Owner(int index) => new(0, ActorRole.Process, index);

    private static ulong Draw(ulong n, int what, ulong bound) =>
        CounterRandom.DrawBelow(bound, 5, new ActorAddress(0, ActorRole.Process, what), RandomPurpose.Synthetic, n);
}
