using Trapline.Devices.Common;
using Trapline.Devices.Common.Serial;
using Trapline.Messages;

namespace Trapline.Devices.Tests.Common;

/// <summary>A PL011 with a clock.</summary>
internal sealed class Pl011Bench : SerialBench
{
    public Pl011Bench() => Uart = new Pl011(this, this);

    public Pl011 Uart { get; }

    protected override ISerialPort Port => Uart;

    protected override VirtualTime CharacterTime => Uart.CharacterTime;

    /// <summary>115,200 baud, eight bits, FIFOs as asked for, all interrupts but those of masks let through.</summary>
    public static Pl011Bench With(int interrupts, bool fifos = true, int levels = 0x12)
    {
        var bench = new Pl011Bench();
        bench.Write(Pl011Registers.IntegerDivisor, 13);
        bench.Write(Pl011Registers.FractionalDivisor, 1);
        bench.Write(Pl011Registers.LineControl, 0x60 | (fifos ? Pl011Registers.FifoEnable : 0));
        bench.Write(Pl011Registers.FifoLevels, levels);
        bench.Write(Pl011Registers.Mask, interrupts);
        bench.Drives.Clear();
        bench.Reports.Clear();
        return bench;
    }

    public int Read(int register)
    {
        Assert.Equal(AccessOutcome.Done, Uart.Read((ulong)register, 4, Now, out var value));
        return checked((int)value);
    }

    public void Write(int register, int value) => Assert.Equal(AccessOutcome.Done, Uart.Write((ulong)register, 4, (uint)value, Now));
}
