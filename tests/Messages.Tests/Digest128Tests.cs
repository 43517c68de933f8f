using System.Runtime.InteropServices;
using Xunit;

namespace Trapline.Messages.Tests;

public sealed class Digest128Tests
{
    [Fact]
    public void Each_bit_of_a_message_changes_the_digest()
    {
        var message = Example();
        var plain = Of(message);
        var seen = new HashSet<string> { plain.ToString() };
        for (var bit = 0; bit < Message.SizeInBytes * 8; bit++)
        {
            var flipped = message;
            MemoryMarshal.AsBytes(new Span<Message>(ref flipped))[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(seen.Add(Of(flipped).ToString()), $"bit {bit} is not seen");
        }
    }

    [Fact]
    public void The_order_of_messages_changes_the_digest()
    {
        var (a, b) = (Example(), Example());
        b.Word0 ^= 1;
        var (forward, backward) = (Digest128.Empty, Digest128.Empty);
        forward.Absorb(in a);
        forward.Absorb(in b);
        backward.Absorb(in b);
        backward.Absorb(in a);
        Assert.NotEqual(forward, backward);
    }

    [Fact]
    public void Both_halves_depend_on_every_word()
    {
        // A change in any word must reach both lanes after one further step: nothing may hide in one of them.
        for (var word = 0; word < 4; word++)
        {
            var (a, b) = (Digest128.Empty, Digest128.Empty);
            a.Absorb(1, 2, 3, 4);
            b.Absorb(word == 0 ? 9UL : 1, word == 1 ? 9UL : 2, word == 2 ? 9UL : 3, word == 3 ? 9UL : 4);
            a.Absorb(0);
            b.Absorb(0);
            Assert.NotEqual(a.Low, b.Low);
            Assert.NotEqual(a.High, b.High);
        }
    }

    [Fact]
    public void A_factor_that_is_zero_does_not_swallow_its_partner()
    {
        // The words that make both factors of the first multiplication zero in the empty chain.
        var empty = Digest128.Empty;
        const ulong Key2 = 0x165667B19E3779F9;
        const ulong Key3 = 0xD6E8FEB86659FD93;
        var (a, b) = (Digest128.Empty, Digest128.Empty);
        a.Absorb(empty.Low ^ Key2, 5, 0, 0);
        b.Absorb(empty.Low ^ Key2, 6, 0, 0);
        Assert.NotEqual(a, b);
        (a, b) = (Digest128.Empty, Digest128.Empty);
        a.Absorb(5, empty.High ^ Key3, 0, 0);
        b.Absorb(6, empty.High ^ Key3, 0, 0);
        Assert.NotEqual(a, b);
    }

    [Fact]
    public void Texts_and_bytes_do_not_run_into_one_another()
    {
        Assert.NotEqual(OfTexts("ab", "c"), OfTexts("a", "bc"));
        var (a, b) = (Digest128.Empty, Digest128.Empty);
        a.Absorb(new byte[] { 1, 2, 0 }.AsSpan());
        b.Absorb(new byte[] { 1, 2 }.AsSpan());
        Assert.NotEqual(a, b);
    }

    private static Message Example() => new()
    {
        Due = new VirtualTime(1234),
        Sequence = 7,
        Source = new ActorAddress(0, ActorRole.Vcpu, 3),
        Target = new ActorAddress(0, ActorRole.Ipi, 4),
        Kind = MessageKind.IpiSend,
        Word0 = 11,
        Word1 = 12,
        Word2 = 13,
        Word3 = 14,
    };

    private static Digest128 Of(in Message message)
    {
        var digest = Digest128.Empty;
        digest.Absorb(in message);
        return digest;
    }

    private static Digest128 OfTexts(params string[] texts)
    {
        var digest = Digest128.Empty;
        foreach (var text in texts)
        {
            digest.Absorb(text);
        }

        return digest;
    }
}
