using Trapline.Actors.Kernel;
using Trapline.Messages;
using Xunit;

namespace Trapline.Actors.Tests.Kernel;

public sealed class GroupTests
{
    private static readonly PathTable.Path Path = new(VirtualTime.FromNanoseconds(25));
    private static readonly SimulationLimits Limits = new() { MessagesAtOneInstant = 1_000 };

    [Fact]
    public void Inside_a_group_a_message_takes_no_time_and_between_groups_the_paths_latency()
    {
        var near = new ScriptedActor(1, (_, _) => { });
        var far = new ScriptedActor(2, (_, _) => { });
        var sender = new ScriptedActor(0, (self, _) =>
        {
            self.SendTo(1);
            self.SendTo(2);
        }, self => self.Arm(0, VirtualTime.FromNanoseconds(7)));
        Run(Path, [sender, near], [far]);
        Assert.Equal(VirtualTime.FromNanoseconds(7), Assert.Single(near.Log).At);
        Assert.Equal(VirtualTime.FromNanoseconds(32), Assert.Single(far.Log).At);
    }

    [Fact]
    public void Messages_without_delay_are_handled_first_in_first_out_before_the_next_queued_one()
    {
        var order = new List<ulong>();
        var receiver = new ScriptedActor(1, (self, message) =>
        {
            order.Add(message.Word0);
            if (message.Word0 == 1)
            {
                self.SendTo(1, 3);
            }
        });
        var sender = new ScriptedActor(0, (self, message) =>
        {
            order.Add(100 + message.Word0);
            self.SendTo(1, (message.Word0 * 10) + 1);
            self.SendTo(1, (message.Word0 * 10) + 2);
        }, self =>
        {
            // Both timers are due at one instant: all that the first causes comes before the second.
            self.Arm(0, VirtualTime.FromNanoseconds(1));
            self.Arm(1, VirtualTime.FromNanoseconds(1));
        });
        Run(Path, [sender, receiver]);
        Assert.Equal([100, 1, 2, 3, 101, 11, 12], order);
    }

    [Fact]
    public void A_cycle_without_delay_is_an_error_that_names_it_and_the_knob()
    {
        var a = new ScriptedActor(0, (self, _) => self.SendTo(1), self => self.Arm(0, VirtualTime.Zero));
        var b = new ScriptedActor(1, (self, _) => self.SendTo(0));
        var failure = Assert.Throws<SimulationException>(() => Run(Path, [a, b]));
        Assert.Contains("process0 -> process1 Synthetic, process1 -> process0 Synthetic", failure.Message, StringComparison.Ordinal);
        Assert.Contains("limits.instant", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void As_many_messages_at_one_instant_as_the_limit_are_no_error()
    {
        var left = 999;
        var a = new ScriptedActor(0, (self, _) => self.SendTo(1), self => self.Arm(0, VirtualTime.Zero));
        var b = new ScriptedActor(1, (self, _) =>
        {
            if (--left > 0)
            {
                self.SendTo(1);
            }
        });
        Run(Path, [a, b]);
        Assert.Equal(999, b.Log.Count);
    }

    [Fact]
    public void A_delay_under_the_paths_latency_is_an_error()
    {
        var sender = new ScriptedActor(0, (self, _) => self.SendTo(1, VirtualTime.FromNanoseconds(24)), self => self.Arm(0, VirtualTime.Zero));
        var failure = Assert.Throws<SimulationException>(() => Run(Path with { Unordered = true }, [sender], [new ScriptedActor(1, (_, _) => { })]));
        Assert.Contains("the path takes 25ns", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chosen_delay_on_an_ordered_path_is_an_error()
    {
        var sender = new ScriptedActor(0, (self, _) => self.SendTo(1, VirtualTime.FromNanoseconds(30)), self => self.Arm(0, VirtualTime.Zero));
        var failure = Assert.Throws<SimulationException>(() => Run(Path, [sender], [new ScriptedActor(1, (_, _) => { })]));
        Assert.Contains("not declared unordered", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_at_an_address_is_an_error_that_names_sender_and_target()
    {
        var sender = new ScriptedActor(0, (self, _) => self.SendTo(9), self => self.Arm(0, VirtualTime.Zero));
        var failure = Assert.Throws<SimulationException>(() => Run(Path, [sender]));
        Assert.Contains("process0 sends to process9", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_jitter_messages_are_late_by_a_draw_and_never_overtake()
    {
        var receiver = new ScriptedActor(1, (_, _) => { });
        ulong number = 0;
        var sender = new ScriptedActor(0, (self, _) =>
        {
            self.SendTo(1, number++);
            if (number < 500)
            {
                self.Arm(0, self.Time + VirtualTime.FromNanoseconds(1));
            }
        }, self => self.Arm(0, VirtualTime.Zero));
        Run(Path with { Jitter = VirtualTime.FromNanoseconds(40) }, [sender], [receiver]);
        Assert.Equal(Enumerable.Range(0, 500).Select(n => (ulong)n), receiver.Log.Select(entry => entry.Message.Word0));
        var delays = receiver.Log.Select((entry, n) => (entry.At - VirtualTime.FromNanoseconds(n)).Picoseconds).ToArray();
        Assert.All(delays, delay => Assert.InRange(delay, 25_000, 65_000));
        Assert.True(delays.Distinct().Count() > 100, "the delays hardly differ");
    }

    [Fact]
    public void The_run_ends_exactly_the_greatest_latency_after_it_was_asked_to()
    {
        var ticks = new ScriptedActor(1, (self, _) => self.Arm(0, self.Time + VirtualTime.FromNanoseconds(1)), self => self.Arm(0, VirtualTime.Zero));
        var ender = new ScriptedActor(0, (self, _) => self.End(EndReason.Exit), self => self.Arm(0, VirtualTime.FromNanoseconds(103)));
        using var engine = Run(Path, [ender], [ticks]);
        Assert.Equal(VirtualTime.FromNanoseconds(128), engine.StopAt);
        Assert.Equal(VirtualTime.FromNanoseconds(127), ticks.Log[^1].At);
    }

    [Fact]
    public void Of_two_that_ask_for_the_end_the_earlier_counts_and_at_one_time_the_lower_address()
    {
        var late = new ScriptedActor(0, (self, _) => self.End(EndReason.Exit), self => self.Arm(0, VirtualTime.FromNanoseconds(11)));
        var first = new ScriptedActor(1, (self, _) => self.End(EndReason.Assertion), self => self.Arm(0, VirtualTime.FromNanoseconds(10)));
        var same = new ScriptedActor(2, (self, _) => self.End(EndReason.Exit), self => self.Arm(0, VirtualTime.FromNanoseconds(10)));
        using var engine = Run(Path, [late], [same], [first]);
        Assert.Equal(first.Address, engine.End!.By);
    }

    [Fact]
    public void What_a_message_says_is_in_the_digest_also_where_the_target_forgets_it()
    {
        Digest128 Digest(ulong word)
        {
            var receiver = new ScriptedActor(1, (_, _) => { });
            Run(Path, [new ScriptedActor(0, (self, _) => self.SendTo(1, word), self => self.Arm(0, VirtualTime.Zero))], [receiver]).Dispose();
            return SyntheticLoad.DigestOf(receiver);
        }

        Assert.Equal(Digest(1), Digest(1));
        Assert.NotEqual(Digest(1), Digest(2));
    }

    [Fact]
    public void A_cancelled_timer_does_not_come()
    {
        var actor = new ScriptedActor(0, (_, _) => { }, self =>
        {
            self.Arm(0, VirtualTime.FromNanoseconds(1));
            self.Arm(1, VirtualTime.FromNanoseconds(2));
            self.Cancel(0);
        });
        Run(Path, [actor]);
        Assert.Equal(1UL, Assert.Single(actor.Log).Message.Word0);
    }

    private static Engine Run(PathTable.Path path, params ScriptedActor[][] groups)
    {
        var engine = ScriptedActor.Engine(path, Limits, 1, groups);
        engine.StopBefore(VirtualTime.FromNanoseconds(10_000));
        engine.Start();
        engine.Run(VirtualTime.Never);
        engine.Dispose();
        return engine;
    }
}
