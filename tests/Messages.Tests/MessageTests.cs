using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Xunit;

namespace Trapline.Messages.Tests;

public sealed class MessageTests
{
    [Fact]
    public void A_message_is_64_bytes_without_references_and_without_holes()
    {
        Assert.Equal(64, Unsafe.SizeOf<Message>());
        Assert.False(RuntimeHelpers.IsReferenceOrContainsReferences<Message>());
        Assert.Equal(32, Marshal.OffsetOf<Message>(nameof(Message.Word0)).ToInt32());
    }

    [Fact]
    public void An_address_keeps_machine_role_and_index()
    {
        var address = new ActorAddress(3, ActorRole.Vcpu, 65_535);
        Assert.Equal((3, ActorRole.Vcpu, 65_535), (address.Machine, address.Role, address.Index));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ActorAddress(256, ActorRole.Vcpu, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ActorAddress(0, ActorRole.Vcpu, 65_536));
    }

    [Fact]
    public void Draws_depend_on_seed_actor_purpose_and_number_and_on_nothing_else()
    {
        var actor = new ActorAddress(0, ActorRole.Vcpu, 1);
        var draw = CounterRandom.Draw(1, actor, RandomPurpose.Guest, 5);
        Assert.Equal(draw, CounterRandom.Draw(1, actor, RandomPurpose.Guest, 5));
        Assert.NotEqual(draw, CounterRandom.Draw(2, actor, RandomPurpose.Guest, 5));
        Assert.NotEqual(draw, CounterRandom.Draw(1, new ActorAddress(0, ActorRole.Vcpu, 2), RandomPurpose.Guest, 5));
        Assert.NotEqual(draw, CounterRandom.Draw(1, actor, RandomPurpose.PathJitter, 5));
        Assert.NotEqual(draw, CounterRandom.Draw(1, actor, RandomPurpose.Guest, 6));
    }

    [Fact]
    public void Draws_below_a_bound_are_about_uniform()
    {
        // 64 cells, 64,000 draws: 63 degrees of freedom, and chi squared over 120 has a probability of about 1e-5.
        var counts = new int[64];
        for (ulong n = 0; n < 64_000; n++)
        {
            counts[CounterRandom.DrawBelow(64, 1, new ActorAddress(0, ActorRole.Vcpu, 0), RandomPurpose.Synthetic, n)]++;
        }

        Assert.InRange(counts.Sum(count => (count - 1000.0) * (count - 1000.0) / 1000.0), 25, 120);
    }
}
