namespace Trapline.Devices.Common.Serial;

/// <summary>Offsets and bits of the registers of a 16550A (National Semiconductor PC16550D data sheet, table 2).</summary>
public static class UartRegisters
{
    /// <summary>Read: receiver buffer. Write: transmitter holding register. With DLAB: low byte of the divisor.</summary>
    public const int Data = 0;

    /// <summary>Interrupt enable. With DLAB: high byte of the divisor.</summary>
    public const int InterruptEnable = 1;

    /// <summary>Read: interrupt identification. Write: FIFO control.</summary>
    public const int IdentificationOrFifo = 2;

    public const int LineControl = 3;
    public const int ModemControl = 4;
    public const int LineStatus = 5;
    public const int ModemStatus = 6;
    public const int Scratch = 7;

    /// <summary>IER: received data, transmitter holding register empty, line status, modem status.</summary>
    public const byte EnableReceived = 0x01;
    public const byte EnableTransmitter = 0x02;
    public const byte EnableLineStatus = 0x04;
    public const byte EnableModemStatus = 0x08;

    /// <summary>IIR: what interrupts, and nothing does.</summary>
    public const byte None = 0x01;
    public const byte ModemStatusChanged = 0x00;
    public const byte TransmitterEmpty = 0x02;
    public const byte ReceivedData = 0x04;
    public const byte LineStatusError = 0x06;
    public const byte CharacterTimeout = 0x0C;

    /// <summary>IIR: the FIFOs are on.</summary>
    public const byte FifosEnabled = 0xC0;

    /// <summary>FCR.</summary>
    public const byte FifoEnable = 0x01;
    public const byte ReceiverReset = 0x02;
    public const byte TransmitterReset = 0x04;
    public const byte FifoKept = 0xC9;

    /// <summary>LCR: two stop bits, parity, divisor latch access.</summary>
    public const byte TwoStopBits = 0x04;
    public const byte Parity = 0x08;
    public const byte DivisorLatch = 0x80;

    /// <summary>MCR: transmitter and receiver are connected to one another.</summary>
    public const byte Loopback = 0x10;
    public const byte ModemControlMask = 0x1F;

    /// <summary>LSR.</summary>
    public const byte DataReady = 0x01;
    public const byte Overrun = 0x02;
    public const byte Break = 0x10;
    public const byte AnyError = 0x1E;
    public const byte HoldingEmpty = 0x20;
    public const byte Idle = 0x40;

    /// <summary>MSR: the lines, and in the low half which of them have changed since the last read.</summary>
    public const byte ClearToSend = 0x10;
    public const byte DataSetReady = 0x20;
    public const byte RingIndicator = 0x40;
    public const byte CarrierDetect = 0x80;
    public const byte ModemLines = 0xF0;
    public const byte ModemChanges = 0x0F;
    public const byte RingEnded = 0x04;

    private static readonly string[] ReadNames = ["RBR", "IER", "IIR", "LCR", "MCR", "LSR", "MSR", "SCR"];
    private static readonly string[] WriteNames = ["THR", "IER", "FCR", "LCR", "MCR", "LSR", "MSR", "SCR"];

    /// <summary>The data sheet's name of the register at an offset; only three bits count. The divisor latch has the names of what it hides.</summary>
    public static string NameOf(ulong offset, bool isWrite) => (isWrite ? WriteNames : ReadNames)[offset & 7];
}
