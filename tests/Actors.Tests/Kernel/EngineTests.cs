using Trapline.Actors.Kernel;
using Trapline.Messages;
using Xunit;

namespace Trapline.Actors.Tests.Kernel;

public sealed class EngineTests
{
    private static readonly VirtualTime Until = VirtualTime.FromNanoseconds(2_000);

    [Theory]
    [InlineData(1, 10_000)]
    [InlineData(1, 3_333)]
    [InlineData(1, 1)]
    [InlineData(2, 10_000)]
    [InlineData(4, 10_000)]
    [InlineData(4, 777)]
    public void The_digest_is_the_same_on_any_threads_and_for_any_window_length(int threads, long window)
    {
        // So many groups that nearly every window is worth sharing.
        var load = new SyntheticLoad { Groups = 256 };
        var until = VirtualTime.FromNanoseconds(window == 1 ? 20 : 400);
        Assert.Equal(load.Run(until).Digest, load.Run(until, threads, new VirtualTime(window)).Digest);
    }

    [Fact]
    public void Several_threads_really_share_a_window()
    {
        // The first and the last group wait for one another: a single thread would stand still in the first.
        using var meeting = new Barrier(2);
        var groups = Enumerable.Range(0, 256)
            .Select(i => new[] { new ScriptedActor(i, (_, _) => Assert.True(i is > 0 and < 255 || meeting.SignalAndWait(TimeSpan.FromSeconds(60)), "the first and the last group of one window never ran at the same time"), self => self.Arm(0, VirtualTime.Zero)) })
            .ToArray();
        using var engine = ScriptedActor.Engine(new PathTable.Path(VirtualTime.FromNanoseconds(25)), new SimulationLimits(), 4, groups);
        engine.Start();
        engine.Run(VirtualTime.Never);
    }

    [Fact]
    public void Of_several_failures_in_one_window_that_of_the_first_group_is_told()
    {
        var groups = Enumerable.Range(0, 256)
            .Select(i => new[] { new ScriptedActor(i, (_, _) => throw new SimulationException($"group {i}"), self => self.Arm(0, VirtualTime.Zero)) })
            .ToArray();
        using var engine = ScriptedActor.Engine(new PathTable.Path(VirtualTime.FromNanoseconds(25)), new SimulationLimits(), 4, groups);
        engine.Start();
        Assert.Equal("group 0", Assert.Throws<SimulationException>(() => engine.Run(VirtualTime.Never)).Message);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_digest_is_the_same_with_the_groups_split_over_engines(int nodes)
    {
        var load = new SyntheticLoad { Groups = 16 };
        Assert.Equal(load.Run(Until).Digest, SplitRun.Of(load, nodes, Until));
    }

    [Fact]
    public void One_lost_message_changes_the_digest()
    {
        var whole = new SyntheticLoad { Groups = 8 }.Run(Until).Digest;
        for (var n = 0; n < 5; n++)
        {
            Assert.NotEqual(whole, new SyntheticLoad { Groups = 8, DropAt = n }.Run(Until).Digest);
        }
    }

    [Fact]
    public void One_flipped_state_bit_changes_the_digest()
    {
        var load = new SyntheticLoad { Groups = 4 };
        using var engine = new Engine(load.Build(), Placement.OneNode(4), 0, new EngineOptions());
        engine.StopBefore(Until);
        engine.Start();
        engine.Run(VirtualTime.FromNanoseconds(1_000));
        var process = (SyntheticLoad.Process)engine.Groups.First().Actors[0];
        process.Sum ^= 1UL << 40;
        engine.Run(VirtualTime.Never);
        Assert.NotEqual(load.Run(Until).Digest, SyntheticLoad.DigestOf([engine]));
    }

    [Fact]
    public void Another_seed_breaks_ties_otherwise()
    {
        var digests = Enumerable.Range(1, 4).Select(seed => new SyntheticLoad { Groups = 16, Seed = (ulong)seed }.Run(Until).Digest);
        Assert.Equal(4, digests.Distinct().Count());
    }

    [Fact]
    public void With_jitter_the_digest_is_the_same_for_any_window_length_and_the_seed_decides()
    {
        var load = new SyntheticLoad { Groups = 16, Jitter = VirtualTime.FromNanoseconds(7) };
        Assert.Equal(load.Run(Until).Digest, load.Run(Until, 2, new VirtualTime(1_234)).Digest);
        Assert.NotEqual(load.Run(Until).Digest, new SyntheticLoad { Groups = 16, Jitter = load.Jitter, Seed = 2 }.Run(Until).Digest);
    }

    [Fact]
    public void On_unordered_paths_the_digest_is_the_same_for_any_window_length()
    {
        var load = new SyntheticLoad { Groups = 16, Unordered = true };
        Assert.Equal(load.Run(Until).Digest, load.Run(Until, 4, new VirtualTime(1_234)).Digest);
    }

    // So many groups that memory is fetched ahead, of a size that leaves the last block of the schedule part empty.
    [Theory]
    [InlineData(1, 3_333)]
    [InlineData(2, 10_000)]
    [InlineData(3, 10_000)]
    [InlineData(4, 2_500)]
    public void The_digest_of_a_thousand_groups_is_the_same_on_any_threads_and_for_any_window_length(int threads, long window)
    {
        var load = new SyntheticLoad { Groups = 1_001, ProcessesOfGroup = 1, Unordered = true };
        var until = VirtualTime.FromNanoseconds(200);
        Assert.Equal(load.Run(until).Digest, load.Run(until, threads, new VirtualTime(window)).Digest);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10_001)]
    public void A_window_outside_0_to_L_is_refused_with_the_path_that_limits_it(long window)
    {
        var failure = Assert.Throws<SimulationException>(() => new SyntheticLoad { Groups = 2 }.Run(Until, 1, new VirtualTime(window)));
        Assert.Contains("load0 -> load1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_due_at_the_stop_or_later_is_handled()
    {
        var load = new SyntheticLoad { Groups = 4 };
        using var engine = new Engine(load.Build(), Placement.OneNode(4), 0, new EngineOptions());
        engine.StopBefore(Until);
        engine.Start();
        engine.Run(VirtualTime.Never);
        Assert.All(engine.Groups, group => Assert.True(group.Now < Until));
        Assert.True(engine.NextDue >= Until);
    }

    [Fact]
    public void A_batch_from_another_node_is_checked_message_by_message()
    {
        var load = new SyntheticLoad { Groups = 4 };
        using var engine = new Engine(load.Build(), Placement.Blocks(4, 2), 0, new EngineOptions());
        var good = new Message
        {
            Due = VirtualTime.FromNanoseconds(20),
            Source = new ActorAddress(0, ActorRole.Process, 7),
            Target = new ActorAddress(0, ActorRole.Process, 0),
            Kind = SyntheticLoad.Ball,
        };
        engine.Accept([good], 1, VirtualTime.FromNanoseconds(20));
        Refused(engine, good with { Due = VirtualTime.FromNanoseconds(19) }, "cannot be due");
        Refused(engine, good with { Target = new ActorAddress(0, ActorRole.Process, 6) }, "does not hold");
        Refused(engine, good with { Target = new ActorAddress(0, ActorRole.Vcpu, 0) }, "does not hold");
        Refused(engine, good with { Source = new ActorAddress(0, ActorRole.Process, 1) }, "does not hold");
        Refused(engine, good with { Kind = MessageKind.Timer }, "cannot be due");
    }

    [Fact]
    public void More_actors_than_the_limit_are_refused_with_the_knob()
    {
        var failure = Assert.Throws<SimulationException>(() => new SyntheticLoad { Groups = 10, Limits = new SimulationLimits { Actors = 19 } }.Build());
        Assert.Contains("limits.actors", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_waiting_messages_than_the_limit_end_the_run_with_the_knob()
    {
        var load = new SyntheticLoad { Groups = 4, Unordered = true, Limits = new SimulationLimits { Messages = 2 } };
        Assert.Contains("limits.messages", Assert.Throws<SimulationException>(() => load.Run(Until)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Where_too_many_messages_wait_the_group_with_the_most_is_named(int threads)
    {
        // Everyone sends to one group, which cannot keep up.
        var groups = Enumerable.Range(0, 256)
            .Select(i => new[] { new ScriptedActor(i, (self, _) => Twice(() => self.SendTo(200, VirtualTime.FromNanoseconds(1_000))), self => self.Arm(0, VirtualTime.Zero)) })
            .ToArray();
        var path = new PathTable.Path(VirtualTime.FromNanoseconds(25), Unordered: true);
        using var engine = ScriptedActor.Engine(path, new SimulationLimits { Messages = 300 }, threads, groups);
        engine.Start();
        var failure = Assert.Throws<SimulationException>(() => engine.Run(VirtualTime.Never));
        Assert.Equal("512 messages wait at 0ps, 512 of them for group group200; the limit is 300: raise limits.messages, or look for a target that never answers", failure.Message);
    }

    private static void Twice(Action action)
    {
        action();
        action();
    }

    private static void Refused(Engine engine, Message message, string reason)
    {
        var failure = Assert.Throws<SimulationException>(() => engine.Accept([message], 1, VirtualTime.FromNanoseconds(20)));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }
}
