namespace Trapline.Devices.Common.Serial;

/// <summary>Offsets and bits of the registers of a PL011 (Arm PrimeCell UART (PL011) Technical Reference Manual, DDI 0183, chapter 3).</summary>
public static class Pl011Registers
{
    /// <summary>Read: the oldest character received, with its errors in bits 11:8. Write: a character to send.</summary>
    public const int Data = 0x000;

    /// <summary>Read: errors of the character that was read last, RSR. Write: clears them, ECR.</summary>
    public const int Status = 0x004;

    public const int Flags = 0x018;

    /// <summary>ILPR, the divisor of the low-power infrared mode.</summary>
    public const int InfraredDivisor = 0x020;

    /// <summary>IBRD and FBRD, in sixty-fourths; what LCR_H is written to later takes them.</summary>
    public const int IntegerDivisor = 0x024;
    public const int FractionalDivisor = 0x028;

    public const int LineControl = 0x02C;
    public const int Control = 0x030;

    /// <summary>IFLS: from which fill level on the FIFOs interrupt.</summary>
    public const int FifoLevels = 0x034;

    /// <summary>IMSC: 1 lets an interrupt through.</summary>
    public const int Mask = 0x038;

    /// <summary>RIS, MIS: interrupts before and behind the mask.</summary>
    public const int RawInterrupts = 0x03C;
    public const int MaskedInterrupts = 0x040;

    /// <summary>ICR: clears. Write-only.</summary>
    public const int InterruptClear = 0x044;

    public const int DmaControl = 0x048;

    /// <summary>PeriphID0 to 3, PCellID0 to 3: a byte of each word.</summary>
    public const int Identification = 0xFE0;

    /// <summary>First offset after the registers.</summary>
    public const int End = 0x1000;

    /// <summary>Errors, as RSR has them; DR has them eight bits higher.</summary>
    public const byte FramingError = 0x01;
    public const byte ParityError = 0x02;
    public const byte Break = 0x04;
    public const byte Overrun = 0x08;

    /// <summary>FR: the modem's lines.</summary>
    public const int ClearToSend = 0x001;
    public const int DataSetReady = 0x002;
    public const int CarrierDetect = 0x004;
    public const int RingIndicator = 0x100;

    /// <summary>FR: the transmitter has something to send, or is sending.</summary>
    public const int Busy = 0x008;
    public const int ReceiveEmpty = 0x010;
    public const int TransmitFull = 0x020;
    public const int ReceiveFull = 0x040;
    public const int TransmitEmpty = 0x080;

    /// <summary>LCR_H.</summary>
    public const int SendBreak = 0x01;
    public const int Parity = 0x02;
    public const int TwoStopBits = 0x08;
    public const int FifoEnable = 0x10;
    public const int WordLengthShift = 5;
    public const int LineControlBits = 0xFF;

    /// <summary>CR.</summary>
    public const int Loopback = 0x0080;
    public const int TransmitEnable = 0x0100;
    public const int ReceiveEnable = 0x0200;
    public const int DataTerminalReady = 0x0400;
    public const int RequestToSend = 0x0800;
    public const int Out1 = 0x1000;
    public const int Out2 = 0x2000;
    public const int ControlBits = 0xFF87;

    /// <summary>IFLS: three bits for the transmitter, three for the receiver.</summary>
    public const int ReceiveLevelShift = 3;
    public const int FifoLevelsBits = 0x3F;

    /// <summary>Interrupts: the modem's lines, characters received, room to send, no more characters, errors.</summary>
    public const int RingInterrupt = 0x001;
    public const int ClearToSendInterrupt = 0x002;
    public const int CarrierInterrupt = 0x004;
    public const int DataSetInterrupt = 0x008;
    public const int ReceiveInterrupt = 0x010;
    public const int TransmitInterrupt = 0x020;
    public const int TimeoutInterrupt = 0x040;
    public const int FramingInterrupt = 0x080;
    public const int ParityInterrupt = 0x100;
    public const int BreakInterrupt = 0x200;
    public const int OverrunInterrupt = 0x400;
    public const int InterruptBits = 0x7FF;

    public const int DmaControlBits = 0x07;

    private static readonly string?[] Names =
        ["DR", "RSR", null, null, null, null, "FR", null, "ILPR", "IBRD", "FBRD", "LCR_H", "CR", "IFLS", "IMSC", "RIS", "MIS", "ICR", "DMACR"];

    private static readonly string[] Identifications =
        ["PeriphID0", "PeriphID1", "PeriphID2", "PeriphID3", "PCellID0", "PCellID1", "PCellID2", "PCellID3"];

    /// <summary>The manual's name of the register at an offset, without its UART; null where none is. Allocates nothing.</summary>
    public static string? NameOf(ulong offset, bool isWrite)
    {
        var word = offset / sizeof(uint);
        return offset >= End ? null
            : offset >= Identification ? Identifications[word - (Identification / sizeof(uint))]
            : isWrite && word == Status / sizeof(uint) ? "ECR"
            : word < (ulong)Names.Length ? Names[word]
            : null;
    }
}
