using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Devices.Common.Serial;

/// <summary>
/// A PL011 UART (Arm PrimeCell UART (PL011) Technical Reference Manual, DDI 0183), revision r1p3, with FIFOs of 16 and a clock of
/// 24 MHz, as QEMU's machine <c>virt</c> has it. FIFO levels, timeout and the time of a character are those of the manual.
/// </summary>
/// <remarks>
/// Of QEMU's hw/char/pl011.c it has what guests rely on: UARTEN, TXE and RXE are kept and not asked, for firmware is expected to have set them;
/// no line of a modem is connected; and the interrupt pin is driven at every update, also to the level that it has. Unlike here, QEMU sends in no time,
/// interrupts with the first character whatever IFLS says, and knows neither timeout nor overrun.
/// </remarks>
public sealed partial class Pl011 : ISerialPort
{
    /// <summary>The one output: UARTINTR, all interrupts together.</summary>
    public const int InterruptPin = 0;

    /// <summary>Timer: the character in the transmitter has left.</summary>
    public const int TransmitTimer = 0;

    /// <summary>Timer: nothing more was received for the time of 32 bits.</summary>
    public const int TimeoutTimer = 1;

    public const ulong WindowSize = Pl011Registers.End;

    /// <summary>UARTCLK, in hertz.</summary>
    private const int Clock = 24_000_000;

    /// <summary>Divisors count in sixty-fourths of 16 clocks.</summary>
    private const int DivisorsPerSecond = Clock * 4;

    /// <summary>115,200 baud, until a guest says otherwise: the manual has none after a reset, and QEMU needs none.</summary>
    private const uint DivisorAtReset = 833;

    private const uint MaximumDivisor = ushort.MaxValue << 6;
    private const int TimeoutBits = 32;
    private const int NoLine = -1;

    private readonly IDeviceHost _host;
    private readonly ISerialOutput _output;

    private readonly ReceiveFifo _received = new();
    private readonly ByteFifo _toSend = new();

    private byte _shifter;
    private bool _shifting;
    private byte _status;
    private bool _overrun;
    private uint _infraredDivisor;
    private uint _integerDivisor;
    private uint _fractionalDivisor;
    private uint _divisor = DivisorAtReset;
    private uint _lineControl;
    private uint _control = Pl011Registers.TransmitEnable | Pl011Registers.ReceiveEnable;
    private uint _fifoLevels = 0x12;
    private uint _mask;
    private uint _interrupts;
    private uint _dmaControl;
    private bool _pin;

    /// <param name="host">Takes the interrupt pin and two timers.</param>
    /// <param name="output">Takes what is sent.</param>
    public Pl011(IDeviceHost host, ISerialOutput output) => (_host, _output) = (host, output);

    /// <summary>Start to stop bit of one character, by divisor and line control.</summary>
    public VirtualTime CharacterTime => TimeOf(FrameBits);

    /// <summary>As QEMU's sender: as long as the FIFO, or the one place where it is off, has room.</summary>
    public int ReceiveRoom => Depth - _received.Count;

    private bool HasFifos => (_lineControl & Pl011Registers.FifoEnable) != 0;

    private bool IsLooped => (_control & Pl011Registers.Loopback) != 0;

    private int Depth => HasFifos ? ReceiveFifo.Capacity : 1;

    private int ReceiveLevel => HasFifos ? LevelOf(_fifoLevels >> Pl011Registers.ReceiveLevelShift) : 1;

    private int TransmitLevel => HasFifos ? LevelOf(_fifoLevels & 7) : 0;

    /// <summary>Start bit, data, parity, stop bits.</summary>
    private int FrameBits => 1 + 5 + (int)((_lineControl >> Pl011Registers.WordLengthShift) & 3)
        + ((_lineControl & Pl011Registers.Parity) != 0 ? 1 : 0)
        + ((_lineControl & Pl011Registers.TwoStopBits) != 0 ? 2 : 1);

    /// <summary>In loopback the outputs to the modem are connected to the inputs: RTS to CTS, DTR to DSR, OUT1 to DCD, OUT2 to RI.</summary>
    private uint ModemLines => !IsLooped ? 0
        : Bit(Pl011Registers.RequestToSend, Pl011Registers.ClearToSend)
        | Bit(Pl011Registers.DataTerminalReady, Pl011Registers.DataSetReady)
        | Bit(Pl011Registers.Out1, Pl011Registers.CarrierDetect)
        | Bit(Pl011Registers.Out2, Pl011Registers.RingIndicator);

    /// <summary>While characters wait, one is being sent; the pin is what the interrupts say. Registers have no other bits than those that can be written.</summary>
    private bool IsConsistent =>
        (_shifting || _toSend.Count == 0) && _pin == ((_interrupts & _mask) != 0) && _toSend.Count <= Depth && _received.Count <= Depth
        && _divisor is >= 64 and <= MaximumDivisor && _integerDivisor <= ushort.MaxValue && _fractionalDivisor < 64 && _infraredDivisor <= byte.MaxValue
        && ((_lineControl & ~Pl011Registers.LineControlBits) | (_control & ~Pl011Registers.ControlBits) | (_fifoLevels & ~Pl011Registers.FifoLevelsBits)
            | ((_mask | _interrupts) & ~Pl011Registers.InterruptBits) | (_dmaControl & ~Pl011Registers.DmaControlBits) | (_status & ~0xFu)) == 0;

    /// <summary>Whether the whole access lies in the device. Only such accesses may be made.</summary>
    public static bool Covers(ulong offset, int size) => offset < WindowSize && (ulong)size <= WindowSize - offset;

    /// <summary>A character has arrived, all of its bits. In loopback the receiver is not connected: it is lost.</summary>
    public void Receive(byte value, VirtualTime now)
    {
        if (IsLooped)
        {
            Report(ReportKind.Refused, NoLine, value);
            return;
        }

        TakeIn(value, errors: 0, now);
    }

    /// <summary>A timer ran out; one that is not wanted any more does nothing.</summary>
    /// <param name="timer"><see cref="TransmitTimer"/> or <see cref="TimeoutTimer"/>.</param>
    /// <param name="now">Virtual time.</param>
    public void Expire(int timer, VirtualTime now)
    {
        if (timer == TransmitTimer && _shifting)
        {
            EndCharacter(now);
        }
        else if (timer == TimeoutTimer && _received.Count > 0)
        {
            Raise(Pl011Registers.TimeoutInterrupt);
        }
    }

    /// <summary>All state, as rows without side effects: the armed timers are rows of the caller's.</summary>
    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        _received.SyncState(sync, "receive FIFO");
        _toSend.SyncState(sync, "transmit FIFO");
        sync.Row("shifter", ref _shifter);
        sync.Row("shifting", ref _shifting);
        sync.Row("RSR", ref _status);
        sync.Row("overrun", ref _overrun);
        sync.Row("ILPR", ref _infraredDivisor);
        sync.Row("IBRD", ref _integerDivisor);
        sync.Row("FBRD", ref _fractionalDivisor);
        sync.Row("divisor", ref _divisor);
        sync.Row("LCR_H", ref _lineControl);
        sync.Row("CR", ref _control);
        sync.Row("IFLS", ref _fifoLevels);
        sync.Row("IMSC", ref _mask);
        sync.Row("RIS", ref _interrupts);
        sync.Row("DMACR", ref _dmaControl);
        sync.Row("pin", ref _pin);
        if (sync.Loading && !IsConsistent)
        {
            throw new StateFormatException(
                $"row 'LCR_H': 0x{_lineControl:x2} with {_received.Count} and {_toSend.Count} characters in the FIFOs and a divisor of {_divisor}/64 is no state of a PL011");
        }
    }

    /// <summary>An eighth, a quarter, a half, three quarters, seven eighths of a FIFO; the manual reserves the rest.</summary>
    private static int LevelOf(uint selection) => selection switch
    {
        0 => 2,
        1 => 4,
        2 => 8,
        3 => 12,
        _ => 14,
    };

    private uint Bit(int output, int input) => (_control & output) != 0 ? (uint)input : 0;

    /// <summary>Picoseconds of some bits; a divisor has 22 bits.</summary>
    private VirtualTime TimeOf(int bits) => new(bits * (long)_divisor * (VirtualTime.PerSecond / 1_000_000) / (DivisorsPerSecond / 1_000_000));

    private void TakeIn(byte value, byte errors, VirtualTime now)
    {
        _host.ArmTimer(TimeoutTimer, now + TimeOf(TimeoutBits));
        if (_received.Count >= Depth)
        {
            // The FIFO keeps what it has: the new character is lost.
            _overrun = true;
            _status |= Pl011Registers.Overrun;
            Report(ReportKind.Refused, NoLine, value);
            Raise(Pl011Registers.OverrunInterrupt);
            return;
        }

        _received.Push(value, errors);
        _overrun = false;
        var raised = (_received.Count == ReceiveLevel ? Pl011Registers.ReceiveInterrupt : 0)
            | (errors != 0 ? Pl011Registers.BreakInterrupt : 0);
        if (raised != 0)
        {
            Raise(raised);
        }
    }

    /// <summary>
    /// Moves the next character into the transmitter. The interrupt comes when the FIFO falls to its level, not while it is there: one
    /// that was never fuller does not interrupt.
    /// </summary>
    private void BeginCharacter(VirtualTime now)
    {
        _shifter = _toSend.Pop();
        _shifting = true;
        _host.ArmTimer(TransmitTimer, now + CharacterTime);
        if (_toSend.Count == TransmitLevel)
        {
            Raise(Pl011Registers.TransmitInterrupt);
        }
    }

    private void EndCharacter(VirtualTime now)
    {
        _shifting = false;
        var sent = _shifter;
        if (_toSend.Count > 0)
        {
            BeginCharacter(now);
        }

        _output.Transmit(sent);
        if (IsLooped)
        {
            TakeIn(sent, errors: 0, now);
        }
    }

    private void Raise(int interrupts)
    {
        _interrupts |= (uint)interrupts;
        Update();
    }

    private void Update()
    {
        var wasPending = _pin;
        var pending = _interrupts & _mask;
        _pin = pending != 0;
        if (_pin)
        {
            Report(wasPending ? ReportKind.Coalesced : ReportKind.Raised, InterruptPin, pending);
        }
        else if (wasPending)
        {
            Report(ReportKind.Ended, InterruptPin, 0);
        }

        _host.DrivePin(InterruptPin, _pin);
    }

    private void Report(ReportKind kind, int line, ulong detail)
    {
        if (_host.Listening)
        {
            _host.Report(new DeviceReport(kind, line, detail));
        }
    }
}
