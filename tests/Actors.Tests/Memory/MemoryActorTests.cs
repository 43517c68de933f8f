using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Actors.Memory;
using Trapline.Messages;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Actors.Tests.Memory;

/// <summary>What a home of pages does with messages that no vCPU of ours would send.</summary>
public sealed class MemoryActorTests
{
    [Theory]
    [InlineData(0x1000001, 3, "a double across two pages' worth of alignment")]
    [InlineData(0x1000fff, 1, "a half at the last byte of a page")]
    [InlineData(0x1000000, 4, "a width that does not exist")]
    [InlineData(0x1000000, 200, "a width that does not exist")]
    [InlineData(0x8000000, 0, "beyond the end of memory")]
    [InlineData(-8, 3, "far beyond the end of memory")]
    public void An_access_that_would_leave_its_page_or_memory_is_refused(long address, int width, string why)
    {
        foreach (var (kind, shift) in new[] { (MessageKind.MemoryAccess, 8), (MessageKind.MemoryWatch, 0) })
        {
            var failure = Assert.Throws<SimulationException>(() => Send(kind, (ulong)address, (ulong)width << shift));
            Assert.True(failure.Message.Contains("misaligned or beyond the end", StringComparison.Ordinal), why);
        }
    }

    [Fact]
    public void The_last_access_before_the_end_is_served() => Send(MessageKind.MemoryAccess, 0x7fffff8, 3 << 8);

    private static void Send(MessageKind kind, ulong word0, ulong word1)
    {
        var sender = new Sender(kind, word0, word1);
        var home = new MemoryActor(new ActorAddress(0, ActorRole.Memory, 0), new GuestMemory(GuestLayout.LoongArch, 0, 0, new MemoryBudget(1 << 20)), 1);
        var plan = new SimulationPlan(
            [new GroupPlan("all", 0, [sender.Address, home.Address], () => [sender, home]), new GroupPlan("none", 0, [], () => [])],
            new PathTable(["all"], (_, _) => new PathTable.Path(new VirtualTime(1))), 1, new SimulationLimits());
        using var engine = new Engine(plan, Placement.OneNode(2), 0, new EngineOptions());
        engine.Start();
        Assert.Equal(MessageKind.MemoryAnswer, sender.Answer);
    }

    private sealed class Sender(MessageKind kind, ulong word0, ulong word1) : Actor(new ActorAddress(0, ActorRole.Process, 0))
    {
        public MessageKind Answer { get; private set; }

        public override void Start() => Send(new ActorAddress(0, ActorRole.Memory, 0), kind, word0, word1);

        protected override void Handle(in Message message) => Answer = message.Kind;

        protected override void SyncRows(StateSync sync)
        {
        }
    }
}
