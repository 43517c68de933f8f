using Trapline.Actors.Kernel;
using Trapline.Messages;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Actors.Tests.Kernel;

/// <summary>Random histories of a queue against <see cref="QueueModel"/>: any depth of its tree, any number of ties.</summary>
public sealed class QueueModelTests
{
    private const ulong Seed = 42;
    private const int Timers = 5;

    // Waiting messages at most: one node, two levels, three, four. Spread: everything ties, some tie, hardly anything does.
    [Theory]
    [InlineData(6, 1)]
    [InlineData(8, 20)]
    [InlineData(60, 1)]
    [InlineData(60, 20)]
    [InlineData(60, 100_000)]
    [InlineData(400, 3)]
    [InlineData(400, 100_000)]
    [InlineData(1_500, 200)]
    public void A_queue_agrees_with_a_list_that_is_searched(int most, int spread)
    {
        for (ulong history = 0; history < 4; history++)
        {
            new History(history, most, spread).Play(steps: most * 6);
        }
    }

    [Fact]
    public void Messages_that_are_due_never_wait_and_are_counted_and_saved()
    {
        var queue = new MessageQueue(Seed);
        queue.Push(new Message { Due = VirtualTime.Never, Source = Source(1), Sequence = 1, Kind = MessageKind.Synthetic });
        queue.Push(new Message { Due = new VirtualTime(5), Source = Source(1), Sequence = 2, Kind = MessageKind.Synthetic });
        queue.Pop(out var first);
        Assert.Equal(2UL, first.Sequence);
        Assert.True(queue.NextDue.IsNever);
        Assert.Equal((1, 1), (queue.Count, Restored(queue).Count));
    }

    [Fact]
    public void A_timer_of_a_queue_that_has_had_messages_is_refused()
    {
        var queue = new MessageQueue(Seed);
        queue.Push(new Message { Due = new VirtualTime(5), Source = Source(1), Kind = MessageKind.Synthetic });
        Assert.Throws<InvalidOperationException>(() => queue.AddTimer(Source(1), 0));
    }

    private static MessageQueue Restored(MessageQueue queue)
    {
        var writer = new StateWriter();
        queue.SyncMessages(writer, 10_000);
        var copy = new MessageQueue(Seed);
        copy.SyncMessages(new StateReader(writer.Written), 10_000);
        return copy;
    }

    private static ActorAddress Source(int index) => new(0, ActorRole.Process, index);

    private sealed class History(ulong number, int most, int spread)
    {
        private readonly MessageQueue _queue = new(Seed);
        private readonly QueueModel _model = new(Seed);
        private readonly int[] _slots = new int[Timers];
        private ulong _draws;
        private VirtualTime _now = new(1_000_000);

        public void Play(int steps)
        {
            for (var timer = 0; timer < Timers; timer++)
            {
                _slots[timer] = _queue.AddTimer(Source(timer), timer);
            }

            for (var step = 0; step < steps; step++)
            {
                Step();
                Assert.Equal((_model.Count, _model.NextDue), (_queue.Count, _queue.NextDue));
            }

            while (_model.Count > 0)
            {
                Pop();
            }

            Assert.Equal((0, _model.SeedDecided), (_queue.Count, _queue.SeedDecided));
        }

        private void Step()
        {
            // Now and then one that precedes what is being taken: the kernel never sends it, the queue is in order all the same.
            var due = _now + new VirtualTime((long)Draw(spread) - (Draw(8) == 0 ? 1 : 0));
            switch (Draw(8))
            {
                case 0 or 1 or 2 or 3 when _model.Count < most:
                    var message = new Message { Due = due, Source = Source((int)Draw(7)), Sequence = _draws, Kind = MessageKind.Synthetic, Word2 = _draws };
                    _queue.Push(in message);
                    _model.Add(message);
                    break;
                case 4:
                    var timer = (int)Draw(Timers);
                    _queue.ArmTimer(_slots[timer], due, _draws);
                    _model.Add(new Message { Due = due, Source = Source(timer), Target = Source(timer), Sequence = _draws, Kind = MessageKind.Timer, Word0 = (ulong)timer }, timer);
                    break;
                case 5:
                    var cancelled = (int)Draw(Timers);
                    _queue.CancelTimer(_slots[cancelled]);
                    _model.Cancel(cancelled);
                    break;
                default:
                    Pop();
                    break;
            }
        }

        private void Pop()
        {
            if (_model.Count == 0)
            {
                return;
            }

            var expected = _model.Pop();
            _queue.Pop(out var message);
            Assert.Equal(expected.ToString(), message.ToString());
            _now = message.Due;
        }

        private ulong Draw(int bound) =>
            CounterRandom.DrawBelow((ulong)bound, number, Source(0), RandomPurpose.Synthetic, _draws++);
    }
}
