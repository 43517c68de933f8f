using Trapline.Devices.Common;
using Trapline.Devices.Common.Serial;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Common;

/// <summary>The UART by its data sheet, and where QEMU's interrupts go beyond it.</summary>
public sealed class Uart16550Tests
{
    private const int Data = UartRegisters.Data;
    private const int Enable = UartRegisters.InterruptEnable;
    private const int Iir = UartRegisters.IdentificationOrFifo;
    private const int Lcr = UartRegisters.LineControl;
    private const int Mcr = UartRegisters.ModemControl;
    private const int Lsr = UartRegisters.LineStatus;
    private const int Msr = UartRegisters.ModemStatus;

    [Fact]
    public void Reset_values()
    {
        var bench = new UartBench();
        Assert.Equal((0x00, 0x00, 0x01, 0x00), (bench.Read(Data), bench.Read(Enable), bench.Read(Iir), bench.Read(Lcr)));
        Assert.Equal((0x08, 0x60, 0xB0, 0x00), (bench.Read(Mcr), bench.Read(Lsr), bench.Read(Msr), bench.Read(UartRegisters.Scratch)));
        bench.Write(Lcr, 0x80);
        Assert.Equal((12, 0), (bench.Read(Data), bench.Read(Enable)));
    }

    [Theory]
    [InlineData(0x01, 1)]
    [InlineData(0x41, 4)]
    [InlineData(0x81, 8)]
    [InlineData(0xC1, 14)]
    public void Received_data_interrupts_from_the_trigger_level_on_and_until_below_it(byte fifoControl, int level)
    {
        var bench = UartBench.With(interrupts: 0x01, fifoControl);
        for (var i = 1; i < level; i++)
        {
            bench.Receive(0x55);
            Assert.False(bench.Pin);
        }

        bench.Receive(0x55);
        Assert.True(bench.Pin);
        Assert.Equal(0xC4, bench.Read(Iir));
        Assert.Equal(0x61, bench.Read(Lsr));
        bench.Read(Data);
        Assert.False(bench.Pin);
        Assert.Equal(0xC1, bench.Read(Iir));
    }

    [Fact]
    public void Characters_below_the_trigger_level_time_out_after_the_time_of_four()
    {
        var bench = UartBench.With(interrupts: 0x01, fifoControl: 0x81);
        bench.Receive(1, 2);
        bench.Wait(2);
        bench.Receive(3);
        bench.Wait(3);
        Assert.False(bench.Pin);
        bench.Wait(1);
        Assert.True(bench.Pin);
        Assert.Equal(0xCC, bench.Read(Iir));
        Assert.Equal(1, bench.Read(Data));
        Assert.Equal((0xC1, false), (bench.Read(Iir), bench.Pin));
        bench.Wait(4);
        Assert.Equal(0xCC, bench.Read(Iir));
        Assert.Equal((2, 3), (bench.Read(Data), bench.Read(Data)));
        bench.Wait(8);
        Assert.Equal((0xC1, false), (bench.Read(Iir), bench.Pin));
    }

    [Fact]
    public void A_timeout_is_masked_by_the_enable_of_received_data()
    {
        var bench = UartBench.With(interrupts: 0x00, fifoControl: 0x81);
        bench.Receive(1);
        bench.Wait(4);
        Assert.False(bench.Pin);
        bench.Write(Enable, 0x01);
        Assert.Equal((0xCC, true), (bench.Read(Iir), bench.Pin));
    }

    [Fact]
    public void The_transmitters_interrupt_ends_when_IIR_is_read_and_returns_when_the_next_has_moved()
    {
        var bench = UartBench.With(interrupts: 0x02);
        Assert.Equal(0xC2, bench.Read(Iir));
        Assert.Equal((0xC1, false), (bench.Read(Iir), bench.Pin));
        bench.Write(Data, 'a');
        Assert.Equal((true, 0x20), (bench.Pin, bench.Read(Lsr)));
        Assert.Equal(0xC2, bench.Read(Iir));
        bench.Write(Data, 'b');
        Assert.Equal((false, 0x00), (bench.Pin, bench.Read(Lsr)));
        bench.Wait(1);
        Assert.Equal((true, 0x20), (bench.Pin, bench.Read(Lsr)));
        bench.Wait(1);
        Assert.Equal(0x60, bench.Read(Lsr));
        Assert.Equal("ab"u8.ToArray(), bench.Sent.Select(sent => sent.Value));
    }

    [Fact]
    public void The_transmitters_interrupt_returns_when_it_is_switched_off_and_on()
    {
        var bench = UartBench.With(interrupts: 0x02);
        bench.Read(Iir);
        bench.Write(Enable, 0x02);
        Assert.False(bench.Pin);
        bench.Write(Enable, 0x00);
        bench.Write(Enable, 0x02);
        Assert.Equal((true, 0xC2), (bench.Pin, bench.Read(Iir)));
    }

    [Fact]
    public void Reading_IIR_for_another_interrupt_leaves_the_transmitters_pending()
    {
        var bench = UartBench.With(interrupts: 0x03);
        bench.Receive(1);
        Assert.Equal(0xC4, bench.Read(Iir));
        bench.Read(Data);
        Assert.Equal(0xC2, bench.Read(Iir));
    }

    [Fact]
    public void The_most_urgent_interrupt_is_identified_first()
    {
        var bench = UartBench.With(interrupts: 0x0F, fifoControl: 0x41);
        bench.Uart.SetModemLines(UartRegisters.CarrierDetect);
        Assert.Equal(UartRegisters.TransmitterEmpty, bench.Identification);
        bench.Receive(1, 2, 3, 4);
        Assert.Equal(UartRegisters.ReceivedData, bench.Identification);
        bench.Wait(4);
        Assert.Equal(UartRegisters.CharacterTimeout, bench.Identification);
        bench.Uart.ReceiveBreak(bench.Now);
        Assert.Equal(0xC6, bench.Read(Iir));
        bench.Read(Lsr);
        Assert.Equal(0xCC, bench.Read(Iir));
        for (var i = 0; i < 5; i++)
        {
            bench.Read(Data);
        }

        Assert.Equal(0xC2, bench.Read(Iir));
        Assert.Equal(0xC0, bench.Read(Iir));
        Assert.Equal(0x83, bench.Read(Msr));
        Assert.Equal((0xC1, false), (bench.Read(Iir), bench.Pin));
    }

    [Fact]
    public void A_full_FIFO_keeps_what_it_has_and_says_overrun_until_LSR_is_read()
    {
        var bench = UartBench.With(interrupts: 0x04);
        bench.Receive([.. Enumerable.Range(1, 16).Select(i => (byte)i)]);
        Assert.False(bench.Pin);
        bench.Receive(99);
        Assert.Equal((true, 0xC6), (bench.Pin, bench.Read(Iir)));
        Assert.Equal(0x63, bench.Read(Lsr));
        Assert.Equal((false, 0x61), (bench.Pin, bench.Read(Lsr)));
        Assert.Equal(Enumerable.Range(1, 16), Enumerable.Range(0, 16).Select(_ => (int)bench.Read(Data)));
        Assert.Equal((0, 0x60), (bench.Read(Data), bench.Read(Lsr)));
    }

    [Fact]
    public void Without_FIFOs_a_new_character_overwrites_the_old_one()
    {
        var bench = UartBench.With(interrupts: 0x05, fifoControl: 0x00);
        bench.Receive(1);
        Assert.Equal(0x04, bench.Read(Iir));
        bench.Receive(2);
        Assert.Equal(0x06, bench.Read(Iir));
        Assert.Equal((0x63, 2), (bench.Read(Lsr), bench.Read(Data)));
        Assert.Equal((0x60, 0x01), (bench.Read(Lsr), bench.Read(Iir)));
        bench.Wait(8);
        Assert.False(bench.Pin);
    }

    [Fact]
    public void A_full_transmit_FIFO_overwrites_what_waits_longest()
    {
        var bench = UartBench.With(interrupts: 0);
        for (var i = 0; i < 18; i++)
        {
            bench.Write(Data, i);
        }

        bench.Wait(20);
        Assert.Equal(new byte[] { 0 }.Concat(Enumerable.Range(2, 16).Select(i => (byte)i)), bench.Sent.Select(sent => sent.Value));
    }

    [Theory]
    [InlineData(1, 0x03, 10)]
    [InlineData(12, 0x03, 10)]
    [InlineData(12, 0x1B, 11)]
    [InlineData(12, 0x07, 11)]
    [InlineData(12, 0x00, 7)]
    [InlineData(0x0480, 0x0F, 12)]
    public void A_character_takes_the_time_of_its_bits(int divisor, int lineControl, int bits)
    {
        var bench = new UartBench();
        bench.Write(Lcr, 0x80);
        bench.Write(Data, divisor & 0xFF);
        bench.Write(Enable, divisor >> 8);
        bench.Write(Lcr, lineControl);
        Assert.Equal(VirtualTime.PerSecond * divisor * bits / 115_200, bench.Uart.CharacterTime.Picoseconds);
        bench.Write(Data, 'x');
        bench.Wait(1);
        Assert.Equal(('x', bench.Uart.CharacterTime), ((char)bench.Sent.Single().Value, bench.Sent.Single().At));
    }

    [Fact]
    public void A_divisor_of_zero_keeps_the_time_that_was()
    {
        var bench = new UartBench();
        var before = bench.Uart.CharacterTime;
        bench.Write(Lcr, 0x83);
        bench.Write(Data, 0);
        Assert.Equal(before, bench.Uart.CharacterTime);
    }

    [Fact]
    public void Loopback_connects_transmitter_and_receiver_and_the_modem_lines()
    {
        var bench = UartBench.With(interrupts: 0x01);
        bench.Write(Mcr, 0x10 | 0x0A);
        bench.Write(Data, 'l');
        bench.Receive(7);
        bench.Wait(1);
        Assert.Equal((byte)'l', bench.Read(Data));
        Assert.Empty(bench.Sent);
        Assert.Equal(0x90, bench.Read(Msr));
        bench.Write(Mcr, 0x10 | 0x05);
        Assert.Equal(0x60, bench.Read(Msr));
        Assert.Equal(0x60, bench.Read(Lsr));
    }

    [Fact]
    public void Of_a_ring_only_its_end_counts()
    {
        var bench = UartBench.With(interrupts: 0x08);
        bench.Uart.SetModemLines(0xF0);
        Assert.Equal((false, 0xF0), (bench.Pin, bench.Read(Msr)));
        bench.Uart.SetModemLines(0xB0);
        Assert.Equal((true, 0xB4), (bench.Pin, bench.Read(Msr)));
        Assert.Equal((false, 0xB0), (bench.Pin, bench.Read(Msr)));
    }

    [Fact]
    public void Switching_the_FIFOs_empties_both()
    {
        var bench = UartBench.With(interrupts: 0x03);
        bench.Receive(1, 2);
        bench.Write(Data, 'a');
        bench.Write(Data, 'b');
        bench.Write(Iir, 0x00);
        Assert.Equal(0x20, bench.Read(Lsr));
        Assert.Equal(0x02, bench.Read(Iir));
        bench.Wait(5);
        Assert.Equal(['a'], bench.Sent.Select(sent => (char)sent.Value));
        Assert.Equal(0x60, bench.Read(Lsr));
    }

    [Fact]
    public void The_pin_is_driven_high_again_while_it_is_high()
    {
        var bench = UartBench.With(interrupts: 0x01);
        bench.Receive(1, 2);
        bench.Read(Data);
        Assert.Equal([true, true, true], bench.Drives);
        bench.Read(Data);
        Assert.Equal([true, true, true, false], bench.Drives);
        Assert.Equal(
            [ReportKind.Raised, ReportKind.Coalesced, ReportKind.Coalesced, ReportKind.Ended],
            bench.Reports.Select(report => report.Kind));
    }

    [Fact]
    public void A_sender_that_waits_sends_up_to_the_trigger_level()
    {
        var bench = UartBench.With(interrupts: 0, fifoControl: 0x41);
        Assert.Equal(4, bench.Uart.ReceiveRoom);
        bench.Receive(1, 2, 3, 4);
        Assert.Equal(0, bench.Uart.ReceiveRoom);
        bench.Receive(5);
        Assert.Equal(1, bench.Uart.ReceiveRoom);
        bench.Receive(new byte[11]);
        Assert.Equal(0, bench.Uart.ReceiveRoom);
        bench.Write(Iir, 0);
        Assert.Equal(1, bench.Uart.ReceiveRoom);
        bench.Receive(1);
        Assert.Equal(0, bench.Uart.ReceiveRoom);
    }

    [Fact]
    public void An_access_of_any_width_is_one_of_a_byte()
    {
        var bench = new UartBench();
        bench.Uart.Write(7, 1, 0x1FF, VirtualTime.Zero);
        bench.Uart.Read(7, 1, VirtualTime.Zero, out var value);
        Assert.Equal(0xFFul, value);
        bench.Uart.Read(4, 4, VirtualTime.Zero, out value);
        Assert.Equal(0x08ul, value);
        Assert.False(Uart16550.Covers(5, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => bench.Uart.Read(8, 1, VirtualTime.Zero, out _));
        Assert.Equal(("RBR", "THR", "FCR"), (UartRegisters.NameOf(0, false), UartRegisters.NameOf(0, true), UartRegisters.NameOf(2, true)));
    }

    [Fact]
    public void A_uart_and_its_raw_copy_behave_alike() => Step.CheckAll(steps =>
    {
        var first = new UartBench();
        foreach (var step in steps[..(steps.Length / 2)])
        {
            Apply(first, step);
        }

        var second = new UartBench { Now = first.Now };
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

    /// <summary>No access throws (the host of the bench checks timers and pin), IIR is what interrupts, and what was written is sent or lost.</summary>
    [Fact]
    public void No_sequence_of_accesses_breaks_a_uart() => Step.CheckAll(steps =>
    {
        var bench = new UartBench();
        foreach (var step in steps)
        {
            Apply(bench, step);
            Assert.Equal(bench.Pin, bench.Identification != UartRegisters.None);
            RawState.Copy(bench.Uart.SyncState, new UartBench().Uart.SyncState);
        }

        bench.Wait(20);
        Assert.Equal(0x60, bench.Read(Lsr) & 0x60);
    });

    [Fact]
    public void A_state_that_no_uart_has_is_refused()
    {
        var bench = new UartBench();
        bench.Write(Iir, 1);
        bench.Receive(1);
        var saved = RawState.Save(bench.Uart.SyncState);
        for (var at = 0; at < saved.Length; at++)
        {
            var altered = (byte[])saved.Clone();
            altered[at] ^= 0xFF;
            var copy = new UartBench();
            try
            {
                RawState.Load(copy.Uart.SyncState, altered);
            }
            catch (StateFormatException)
            {
                continue;
            }

            copy.Write(Data, 1);
            copy.Read(Data);
            copy.Receive(1);
        }
    }

    private static string Apply(UartBench bench, Step step)
    {
        switch (step.Action % 8)
        {
            case 0 or 1 or 2:
                bench.Write(step.Place % 8, (int)(step.Value & 0xFF));
                return string.Empty;
            case 3 or 4:
                return $"0x{bench.Read(step.Place % 8):x}";
            case 5:
                bench.Receive((byte)step.Value);
                return $"{bench.Uart.ReceiveRoom}";
            case 6:
                bench.Wait(step.Place % 6);
                return string.Empty;
            default:
                bench.Uart.SetModemLines((byte)step.Value);
                return string.Empty;
        }
    }
}
