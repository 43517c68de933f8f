using Trapline.Devices.Common;
using Trapline.Devices.Common.Serial;
using Trapline.Messages;
using Trapline.Messages.State;
using static Trapline.Devices.Common.Serial.Pl011Registers;

namespace Trapline.Devices.Tests.Common;

/// <summary>The PL011 by its manual, and where QEMU's is looser than that.</summary>
public sealed class Pl011Tests
{
    [Fact]
    public void Reset_values()
    {
        var bench = new Pl011Bench();
        Assert.Equal((0x000, 0x00, 0x90, 0x00), (bench.Read(Data), bench.Read(Status), bench.Read(Flags), bench.Read(InfraredDivisor)));
        Assert.Equal((0, 0, 0x00, 0x0300), (bench.Read(IntegerDivisor), bench.Read(FractionalDivisor), bench.Read(LineControl), bench.Read(Pl011Registers.Control)));
        Assert.Equal((0x12, 0, 0, 0), (bench.Read(FifoLevels), bench.Read(Mask), bench.Read(RawInterrupts), bench.Read(MaskedInterrupts)));
        Assert.Equal((0, 0), (bench.Read(DmaControl), bench.Read(InterruptClear)));
        Assert.Equal(
            new[] { 0x11, 0x10, 0x14, 0x00, 0x0D, 0xF0, 0x05, 0xB1 },
            Enumerable.Range(0, 8).Select(i => bench.Read(Identification + (4 * i))));
    }

    [Theory]
    [InlineData(InfraredDivisor, 0xFF)]
    [InlineData(IntegerDivisor, 0xFFFF)]
    [InlineData(FractionalDivisor, 0x3F)]
    [InlineData(LineControl, 0xFF)]
    [InlineData(Pl011Registers.Control, 0xFF87)]
    [InlineData(FifoLevels, 0x3F)]
    [InlineData(Mask, 0x7FF)]
    [InlineData(DmaControl, 0x07)]
    [InlineData(Flags, 0x90)]
    [InlineData(RawInterrupts, 0)]
    [InlineData(MaskedInterrupts, 0)]
    [InlineData(Identification, 0x11)]
    [InlineData(0x100, 0)]
    public void A_register_keeps_the_bits_that_it_has(int register, int kept)
    {
        var bench = new Pl011Bench();
        bench.Write(register, -1);
        Assert.Equal(kept, bench.Read(register));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 4)]
    [InlineData(2, 8)]
    [InlineData(3, 12)]
    [InlineData(4, 14)]
    [InlineData(7, 14)]
    public void Received_characters_interrupt_from_the_level_on_and_until_below_it(int selection, int level)
    {
        var bench = Pl011Bench.With(ReceiveInterrupt, levels: selection << ReceiveLevelShift);
        bench.Receive(new byte[level - 1]);
        Assert.Equal((false, 0), (bench.Pin, bench.Read(RawInterrupts)));
        bench.Receive(1);
        Assert.Equal((true, ReceiveInterrupt), (bench.Pin, bench.Read(MaskedInterrupts)));
        bench.Receive(2);
        bench.Read(Data);
        Assert.True(bench.Pin);
        bench.Read(Data);
        Assert.Equal((false, 0), (bench.Pin, bench.Read(RawInterrupts)));
    }

    [Fact]
    public void Without_FIFOs_each_character_interrupts()
    {
        var bench = Pl011Bench.With(ReceiveInterrupt, fifos: false);
        bench.Receive(65);
        Assert.Equal((true, ReceiveFull | TransmitEmpty), (bench.Pin, bench.Read(Flags)));
        Assert.Equal((65, false, ReceiveEmpty | TransmitEmpty), (bench.Read(Data), bench.Pin, bench.Read(Flags)));
    }

    [Fact]
    public void Characters_below_the_level_time_out_after_32_bits_without_another()
    {
        var bench = Pl011Bench.With(TimeoutInterrupt);
        bench.Receive(1, 2);
        bench.Wait(3);
        bench.Receive(3);
        bench.Wait(3);
        Assert.False(bench.Pin);
        bench.WaitUntil(bench.Now + new VirtualTime(bench.Uart.CharacterTime.Picoseconds / 4));
        Assert.Equal((true, TimeoutInterrupt), (bench.Pin, bench.Read(RawInterrupts)));
        Assert.Equal((1, true, 2, true, 3, false), (bench.Read(Data), bench.Pin, bench.Read(Data), bench.Pin, bench.Read(Data), bench.Pin));
        bench.Wait(8);
        Assert.False(bench.Pin);
    }

    [Fact]
    public void A_timeout_that_was_cleared_comes_after_the_next_character_only()
    {
        var bench = Pl011Bench.With(TimeoutInterrupt);
        bench.Receive(1);
        bench.Wait(4);
        bench.Write(InterruptClear, TimeoutInterrupt);
        bench.Wait(8);
        Assert.False(bench.Pin);
        bench.Receive(2);
        bench.Wait(4);
        Assert.True(bench.Pin);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(2, 8)]
    [InlineData(4, 14)]
    public void The_transmitter_interrupts_when_its_FIFO_falls_to_the_level(int selection, int level)
    {
        var bench = Pl011Bench.With(TransmitInterrupt, levels: selection);

        // The first goes on to the transmitter at once.
        for (var i = 0; i < level + 2; i++)
        {
            bench.Write(Data, i);
        }

        Assert.False(bench.Pin);
        bench.Wait(1);
        Assert.Equal((true, TransmitInterrupt), (bench.Pin, bench.Read(RawInterrupts)));
        bench.Write(Data, 99);
        Assert.False(bench.Pin);
        bench.Wait(20);
        Assert.True(bench.Pin);
        Assert.Equal(level + 3, bench.Sent.Count);
    }

    [Fact]
    public void A_transmit_FIFO_that_was_never_fuller_than_its_level_does_not_interrupt()
    {
        var bench = Pl011Bench.With(TransmitInterrupt);
        bench.Write(Data, 'a');
        bench.Write(Data, 'b');
        bench.Wait(3);
        Assert.Equal((false, 2), (bench.Pin, bench.Sent.Count));
    }

    [Fact]
    public void Without_FIFOs_the_transmitter_interrupts_when_its_place_is_free()
    {
        var bench = Pl011Bench.With(TransmitInterrupt, fifos: false);
        bench.Write(Data, 'a');
        Assert.Equal((true, TransmitEmpty | ReceiveEmpty | Busy), (bench.Pin, bench.Read(Flags)));
        bench.Write(Data, 'b');
        Assert.Equal((false, TransmitFull | ReceiveEmpty | Busy), (bench.Pin, bench.Read(Flags)));
        bench.Wait(1);
        Assert.True(bench.Pin);
        bench.Wait(1);
        Assert.Equal(TransmitEmpty | ReceiveEmpty, bench.Read(Flags));
        Assert.Equal("ab"u8.ToArray(), bench.Sent.Select(sent => sent.Value));
    }

    [Fact]
    public void A_character_that_finds_the_transmit_FIFO_full_is_lost()
    {
        var bench = Pl011Bench.With(0);
        for (var i = 0; i < 17; i++)
        {
            Assert.Equal(0, bench.Read(Flags) & TransmitFull);
            bench.Write(Data, i);
        }

        Assert.Equal(TransmitFull, bench.Read(Flags) & TransmitFull);
        bench.Write(Data, 99);
        bench.Wait(20);
        Assert.Equal(Enumerable.Range(0, 17), bench.Sent.Select(sent => (int)sent.Value));
    }

    [Fact]
    public void A_full_receive_FIFO_keeps_what_it_has_and_says_overrun()
    {
        var bench = Pl011Bench.With(OverrunInterrupt);
        bench.Receive([.. Enumerable.Range(1, 16).Select(i => (byte)i)]);
        Assert.Equal((0, false, ReceiveFull | TransmitEmpty), (bench.Uart.ReceiveRoom, bench.Pin, bench.Read(Flags)));
        bench.Receive(99);
        Assert.Equal((true, 0x8), (bench.Pin, bench.Read(Status)));
        Assert.Equal(0x801, bench.Read(Data));
        bench.Receive(17);
        Assert.Equal(Enumerable.Range(2, 16), Enumerable.Range(0, 16).Select(_ => bench.Read(Data)));
        Assert.Equal(0x8, bench.Read(Status));
        bench.Write(Status, 0);
        bench.Write(InterruptClear, OverrunInterrupt);
        Assert.Equal((0, false), (bench.Read(Status), bench.Pin));
    }

    [Theory]
    [InlineData(13, 1, 0x70, 10, 833)]
    [InlineData(13, 1, 0x7A, 12, 833)]
    [InlineData(156, 16, 0x10, 7, 10_000)]
    [InlineData(1, 0, 0x70, 10, 64)]
    [InlineData(65_535, 0, 0x7B, 12, 4_194_240)]
    public void A_character_takes_the_time_of_its_bits(int integer, int fraction, int lineControl, int bits, long divisor)
    {
        var bench = new Pl011Bench();
        bench.Write(IntegerDivisor, integer);
        bench.Write(FractionalDivisor, fraction);
        var before = bench.Uart.CharacterTime;
        Assert.Equal(new VirtualTime(VirtualTime.PerSecond * 7 * 833 / 96_000_000), before);
        bench.Write(LineControl, lineControl);
        Assert.Equal((long)((UInt128)VirtualTime.PerSecond * (ulong)(bits * divisor) / 96_000_000), bench.Uart.CharacterTime.Picoseconds);
        bench.Write(Data, 'x');
        bench.Wait(1);
        Assert.Equal(('x', bench.Uart.CharacterTime), ((char)bench.Sent.Single().Value, bench.Sent.Single().At));
    }

    [Theory]
    [InlineData(0, 63)]
    [InlineData(65_535, 1)]
    public void A_divisor_that_the_manual_forbids_keeps_the_time_that_was(int integer, int fraction)
    {
        var bench = Pl011Bench.With(0);
        var before = bench.Uart.CharacterTime;
        bench.Write(IntegerDivisor, integer);
        bench.Write(FractionalDivisor, fraction);
        bench.Write(LineControl, 0x70);
        Assert.Equal(before, bench.Uart.CharacterTime);
    }

    /// <summary>QEMU's machine starts so, and guests without firmware write to it straight away.</summary>
    [Fact]
    public void A_UART_that_nobody_has_set_up_sends_and_receives()
    {
        var bench = new Pl011Bench();
        bench.Write(Data, '!');
        bench.Wait(1);
        bench.Receive(7);
        Assert.Equal(('!', 7), ((char)bench.Sent.Single().Value, bench.Read(Data)));
    }

    [Fact]
    public void Loopback_connects_transmitter_and_receiver_and_the_lines_of_the_modem()
    {
        var bench = Pl011Bench.With(ClearToSendInterrupt | DataSetInterrupt);
        bench.Write(Pl011Registers.Control, 0x0381 | RequestToSend | Out2);
        Assert.Equal((true, ClearToSendInterrupt | RingInterrupt), (bench.Pin, bench.Read(RawInterrupts)));
        Assert.Equal(ClearToSend | RingIndicator, bench.Read(Flags) & 0x107);
        bench.Write(InterruptClear, ClearToSendInterrupt | RingInterrupt);
        bench.Write(Pl011Registers.Control, 0x0381 | DataTerminalReady | Out1 | RequestToSend);
        Assert.Equal(ClearToSend | DataSetReady | CarrierDetect, bench.Read(Flags) & 0x107);
        Assert.Equal((true, DataSetInterrupt | CarrierInterrupt | RingInterrupt), (bench.Pin, bench.Read(RawInterrupts)));
        bench.Write(Data, 'l');
        bench.Receive(7);
        bench.Wait(1);
        Assert.Equal(('l', ReceiveEmpty), ((char)bench.Read(Data), bench.Read(Flags) & ReceiveEmpty));
        bench.Write(Pl011Registers.Control, 0x0301);
        Assert.Equal(0, bench.Read(Flags) & 0x107);
    }

    [Fact]
    public void A_break_is_heard_in_loopback()
    {
        var bench = Pl011Bench.With(BreakInterrupt);
        bench.Write(Pl011Registers.Control, 0x0381);
        bench.Write(LineControl, 0x71);
        Assert.True(bench.Pin);
        Assert.Equal((0x400, 0x4), (bench.Read(Data), bench.Read(Status)));
        bench.Write(Data, 'x');
        bench.Wait(1);
        Assert.Equal(('x', 0), ((char)bench.Read(Data), bench.Read(Status)));
    }

    [Fact]
    public void Switching_the_FIFOs_empties_both()
    {
        var bench = Pl011Bench.With(ReceiveInterrupt, levels: 0);
        bench.Receive(1, 2);
        bench.Write(Data, 'a');
        bench.Write(Data, 'b');
        Assert.True(bench.Pin);
        bench.Write(LineControl, 0x60);
        Assert.Equal((false, ReceiveEmpty | TransmitEmpty | Busy), (bench.Pin, bench.Read(Flags)));
        bench.Wait(5);
        Assert.Equal(['a'], bench.Sent.Select(sent => (char)sent.Value));
        Assert.Equal(0, bench.Read(Flags) & Busy);
    }

    /// <summary>QEMU's pl011_update is called at each of these.</summary>
    [Fact]
    public void The_pin_is_driven_at_each_access_that_could_change_it()
    {
        var bench = Pl011Bench.With(ReceiveInterrupt, levels: 0);
        bench.Receive(1, 2);
        bench.Read(Data);
        bench.Write(InterruptClear, 0);
        bench.Write(Mask, 0);
        bench.Read(Flags);
        Assert.Equal([true, false, false, false], bench.Drives);
        Assert.Equal([ReportKind.Raised, ReportKind.Ended], bench.Reports.Select(report => report.Kind));
    }

    [Fact]
    public void An_access_of_any_width_is_one_of_a_register()
    {
        var bench = new Pl011Bench();
        bench.Uart.Write(Pl011Registers.Control, 2, 0xFFFF_0301, VirtualTime.Zero);
        bench.Uart.Read(Pl011Registers.Control + 1, 1, VirtualTime.Zero, out var value);
        Assert.Equal(0x01ul, value);
        bench.Uart.Read(Pl011Registers.Control, 8, VirtualTime.Zero, out value);
        Assert.Equal(0x12_0000_0301ul, value);
        bench.Uart.Write(IntegerDivisor, 8, 0x3F_0000_1234, VirtualTime.Zero);
        Assert.Equal((0x1234, 0x3F), (bench.Read(IntegerDivisor), bench.Read(FractionalDivisor)));
        Assert.False(Pl011.Covers(0xFFE, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => bench.Uart.Read(0xFFE, 4, VirtualTime.Zero, out _));
        Assert.Equal(("RSR", "ECR", "LCR_H", "PCellID3"), (NameOf(4, false), NameOf(4, true), NameOf(0x2E, false), NameOf(0xFFF, true)));
        Assert.Equal((null, null, null), (NameOf(0x8, false), NameOf(0x4C, true), NameOf(0x1000, false)));
    }

    [Fact]
    public void What_no_register_has_is_refused_and_reads_0()
    {
        var bench = new Pl011Bench();
        Assert.Equal(0, bench.Read(0x80));
        bench.Write(Flags, 1);
        Assert.Equal(
            [AccessDetail.Of(0x80, 4, isWrite: false), AccessDetail.Of(Flags, 4, isWrite: true)],
            bench.Reports.Where(report => report.Kind == ReportKind.Refused).Select(report => report.Detail));
    }

    /// <summary>No access throws (the host of the bench checks timers and pin), the pin is what MIS says, and what was written is sent or lost.</summary>
    [Fact]
    public void No_sequence_of_accesses_breaks_a_UART() => Step.CheckAll(steps =>
    {
        var bench = new Pl011Bench();
        foreach (var step in steps)
        {
            Apply(bench, step);
            Assert.Equal(bench.Pin, bench.Read(MaskedInterrupts) != 0);
            RawState.Copy(bench.Uart.SyncState, new Pl011Bench().Uart.SyncState);
        }

        bench.Wait(20);
        Assert.Equal(TransmitEmpty, bench.Read(Flags) & (TransmitEmpty | Busy | TransmitFull));
    });

    [Fact]
    public void A_UART_and_its_raw_copy_behave_alike() => Step.CheckAll(steps =>
    {
        var first = new Pl011Bench();
        foreach (var step in steps[..(steps.Length / 2)])
        {
            Apply(first, step);
        }

        var second = new Pl011Bench { Now = first.Now };
        RawState.Copy(first.Uart.SyncState, second.Uart.SyncState);
        second.CopyTimers(first);
        first.Drives.Clear();
        first.Sent.Clear();
        first.Reports.Clear();
        foreach (var step in steps[(steps.Length / 2)..])
        {
            Assert.Equal(Apply(first, step), Apply(second, step));
        }

        Assert.Equal(first.Drives, second.Drives);
        Assert.Equal(first.Sent, second.Sent);
        Assert.Equal(first.Reports, second.Reports);
        Assert.Equal(RawState.Save(first.Uart.SyncState), RawState.Save(second.Uart.SyncState));
    });

    [Fact]
    public void A_state_that_no_UART_has_is_refused()
    {
        var bench = Pl011Bench.With(ReceiveInterrupt);
        bench.Receive(1);
        bench.Write(Data, 1);
        bench.Write(Data, 2);
        var saved = RawState.Save(bench.Uart.SyncState);
        var refused = 0;
        for (var at = 0; at < saved.Length; at++)
        {
            var altered = (byte[])saved.Clone();
            altered[at] ^= 0xFF;
            var copy = new Pl011Bench();
            try
            {
                RawState.Load(copy.Uart.SyncState, altered);
            }
            catch (StateFormatException)
            {
                refused++;
                continue;
            }

            copy.Write(Data, 1);
            copy.Read(Data);
            copy.Receive(1);
        }

        Assert.True(refused > saved.Length / 2, $"{refused} of {saved.Length}");
    }

    private static string Apply(Pl011Bench bench, Step step)
    {
        var register = step.Place % 24 < 19 ? step.Place % 24 * 4 : step.Place / 24 % (int)Pl011.WindowSize & ~3;
        switch (step.Action % 8)
        {
            case 0 or 1 or 2:
                bench.Write(register, (int)(step.Value & 0xFFFF));
                return string.Empty;
            case 3 or 4:
                return $"0x{bench.Read(register):x}";
            case 5 or 6:
                bench.Receive((byte)step.Value);
                return $"{bench.Uart.ReceiveRoom}";
            default:
                bench.Wait(step.Place % 6);
                return string.Empty;
        }
    }
}
