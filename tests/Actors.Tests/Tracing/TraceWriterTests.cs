using Trapline.Actors.Tracing;
using Trapline.Messages;
using Xunit;

namespace Trapline.Actors.Tests.Tracing;

public sealed class TraceWriterTests
{
    private static readonly ActorAddress Vcpu = new(0, ActorRole.Vcpu, 0);
    private static readonly ActorAddress Unit = new(0, ActorRole.Ipi, 0);

    [Fact]
    public void The_order_is_time_then_group_then_noting()
    {
        var sink = new Sink(wantsInstructions: false);
        var writer = Writer(sink);
        var (one, two) = (writer.AddGroup(), writer.AddGroup());
        two.Add(Entry(5, Vcpu, 1));
        two.Add(Entry(7, Vcpu, 2));

        // At one time the group's own order counts, not that of the addresses: the unit caused what the vCPU notes.
        one.Add(Entry(7, Unit, 3));
        one.Add(Entry(7, Vcpu, 4));
        one.Add(Entry(9, Vcpu, 5));
        writer.Flush();
        Assert.Equal([1, 3, 4, 2, 5], sink.Numbers);
    }

    [Fact]
    public void Windows_of_any_length_make_one_order()
    {
        var sinks = new[] { new Sink(false), new Sink(false) };
        foreach (var sink in sinks)
        {
            var writer = Writer(sink);
            var logs = new[] { writer.AddGroup(), writer.AddGroup() };
            for (var at = 0; at < 100; at++)
            {
                logs[at % 2].Add(Entry(at / 4, Vcpu, at));
                if (sink == sinks[0] && at % 4 == 3)
                {
                    writer.Flush();
                }
            }

            writer.End(new VirtualTime(1000));
            Assert.Equal(1000, sink.Ended.Picoseconds);
        }

        Assert.Equal(100, sinks[0].Numbers.Count);
        Assert.Equal(sinks[0].Numbers, sinks[1].Numbers);
    }

    [Fact]
    public void Instructions_are_noted_only_for_those_who_want_them_and_given_to_nobody_else()
    {
        var (with, without) = (new Sink(wantsInstructions: true), new Sink(wantsInstructions: false));
        var log = Writer(without).AddGroup();
        Assert.False(log.Instructions);
        log.Instruction(VirtualTime.Zero, Vcpu, 0);
        Assert.Empty(log.Entries.ToArray());

        var both = Writer(with, without);
        log = both.AddGroup();
        log.Instruction(VirtualTime.Zero, Vcpu, 0);
        both.Flush();
        Assert.Single(with.Numbers);
        Assert.Empty(without.Numbers);
    }

    [Fact]
    public void A_machine_in_which_nothing_is_due_any_more_ends_with_its_last_entry()
    {
        var sink = new Sink(false);
        var writer = Writer(sink);
        writer.AddGroup().Add(Entry(42, Vcpu, 0));
        writer.End(VirtualTime.Never);
        Assert.Equal(42, sink.Ended.Picoseconds);
    }

    private static TraceWriter Writer(params Sink[] sinks) => new(sinks, new TraceMachine("m", null!, []));

    private static TraceEntry Entry(long at, ActorAddress actor, int number) => new(new VirtualTime(at), actor, TraceKind.Mark, Number: number);

    private sealed class Sink(bool wantsInstructions) : ITraceSink
    {
        public bool WantsInstructions => wantsInstructions;

        public List<int> Numbers { get; } = [];

        public VirtualTime Ended { get; private set; }

        public void Begin(TraceMachine machine)
        {
        }

        public void Write(in TraceEntry entry) => Numbers.Add(entry.Number);

        public void End(VirtualTime at) => Ended = at;

        public void Finish()
        {
        }
    }
}
