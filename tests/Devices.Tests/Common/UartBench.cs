using Trapline.Devices.Common;
using Trapline.Devices.Common.Serial;
using Trapline.Messages;

namespace Trapline.Devices.Tests.Common;

/// <summary>A 16550 with a clock.</summary>
internal sealed class UartBench : SerialBench
{
    public UartBench() => Uart = new Uart16550(this, this);

    public Uart16550 Uart { get; }

    /// <summary>Reads IIR's number without what reading it does.</summary>
    public int Identification => (int)RawState.List(Uart.SyncState).Single(row => row.Key == "IIR").Value;

    protected override ISerialPort Port => Uart;

    protected override VirtualTime CharacterTime => Uart.CharacterTime;

    /// <summary>FIFOs on with a trigger level, received-data and transmitter's interrupts as asked for.</summary>
    public static UartBench With(byte interrupts, byte fifoControl = 0x01)
    {
        var bench = new UartBench();
        bench.Write(UartRegisters.IdentificationOrFifo, fifoControl);
        bench.Write(UartRegisters.InterruptEnable, interrupts);
        bench.Drives.Clear();
        bench.Reports.Clear();
        return bench;
    }

    public byte Read(int register)
    {
        Assert.Equal(AccessOutcome.Done, Uart.Read((ulong)register, 1, Now, out var value));
        return checked((byte)value);
    }

    public void Write(int register, int value) => Assert.Equal(AccessOutcome.Done, Uart.Write((ulong)register, 1, (ulong)value, Now));
}
