using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Devices.Common.Serial;

/// <summary>
/// A 16550A UART (National Semiconductor PC16550D data sheet), whose interrupts come and go as those of QEMU's
/// hw/char/serial.c. QEMU sends a character in no time; here it takes the time of its bits.
/// </summary>
/// <remarks>
/// QEMU drives the interrupt pin at every update while the condition holds, also where it is high already: recordings of
/// real guests have it, and an interrupt controller may send the interrupt again because of it.
/// </remarks>
public sealed partial class Uart16550 : ISerialPort
{
    /// <summary>The one output.</summary>
    public const int InterruptPin = 0;

    /// <summary>Timer: the character in the transmitter has left.</summary>
    public const int TransmitTimer = 0;

    /// <summary>Timer: characters have waited in the receiver's FIFO for the time of four.</summary>
    public const int TimeoutTimer = 1;

    public const ulong WindowSize = 8;

    /// <summary>115,200 baud: a clock of 1.8432 MHz, divided by 16.</summary>
    public const uint DefaultBaudBase = 115_200;

    /// <summary>9,600 baud, as QEMU starts.</summary>
    private const ushort DivisorAtReset = 12;
    private const int TimeoutCharacters = 4;
    private const int NoLine = -1;

    private static readonly byte[] TriggerLevels = [1, 4, 8, 14];

    private readonly IDeviceHost _host;
    private readonly ISerialOutput _output;
    private readonly uint _baudBase;

    private readonly ByteFifo _received = new();
    private readonly ByteFifo _toSend = new();

    private byte _receiverBuffer;
    private byte _holding;
    private byte _shifter;
    private byte _interruptEnable;
    private byte _identification = UartRegisters.None;
    private byte _fifoControl;
    private byte _lineControl;
    private byte _modemControl = 0x08;
    private byte _lineStatus = UartRegisters.HoldingEmpty | UartRegisters.Idle;
    private byte _modemStatus = UartRegisters.CarrierDetect | UartRegisters.DataSetReady | UartRegisters.ClearToSend;
    private byte _scratch;
    private ushort _divisor = DivisorAtReset;
    private VirtualTime _characterTime;
    private bool _shifting;
    private bool _holdingInterrupt;
    private bool _timeoutInterrupt;

    /// <param name="host">Takes the interrupt pin and two timers.</param>
    /// <param name="output">Takes what is sent.</param>
    /// <param name="baudBase">Baud with a divisor of 1: the input clock divided by 16.</param>
    public Uart16550(IDeviceHost host, ISerialOutput output, uint baudBase = DefaultBaudBase)
    {
        ArgumentOutOfRangeException.ThrowIfZero(baudBase);
        _host = host;
        _output = output;
        _baudBase = baudBase;
        _characterTime = CharacterTimeOf(DivisorAtReset, frameBits: 10);
    }

    /// <summary>Start to stop bit of one character, by divisor and line control.</summary>
    public VirtualTime CharacterTime => _characterTime;

    /// <summary>
    /// How many characters a sender that waits for the guest would send now, as QEMU's does: up to the trigger level,
    /// then one by one, so that the level is not overridden by a full FIFO.
    /// </summary>
    public int ReceiveRoom
    {
        get
        {
            if (!HasFifos)
            {
                return (_lineStatus & UartRegisters.DataReady) == 0 ? 1 : 0;
            }

            return _received.IsFull ? 0 : _received.Count <= TriggerLevel ? TriggerLevel - _received.Count : 1;
        }
    }

    private bool HasFifos => (_fifoControl & UartRegisters.FifoEnable) != 0;

    private bool IsLooped => (_modemControl & UartRegisters.Loopback) != 0;

    private int TriggerLevel => TriggerLevels[_fifoControl >> 6];

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

        TakeIn(value, now);
    }

    /// <summary>The line was held low for longer than a character: a zero with the break bit of LSR.</summary>
    public void ReceiveBreak(VirtualTime now)
    {
        if (IsLooped)
        {
            Report(ReportKind.Refused, NoLine, 0);
            return;
        }

        _lineStatus |= UartRegisters.Break;
        TakeIn(0, now);
    }

    /// <summary>The modem's lines change: bits 7:4 of MSR.</summary>
    public void SetModemLines(byte lines)
    {
        var old = _modemStatus & UartRegisters.ModemLines;
        var changed = (old ^ lines) & UartRegisters.ModemLines;
        if (changed == 0)
        {
            return;
        }

        var deltas = changed >> 4;
        if ((old & UartRegisters.RingIndicator) == 0)
        {
            // Of the ring indicator only the end of a ring counts.
            deltas &= ~UartRegisters.RingEnded;
        }

        _modemStatus = (byte)((lines & UartRegisters.ModemLines) | (_modemStatus & UartRegisters.ModemChanges) | deltas);
        Update();
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
        else if (timer == TimeoutTimer && _received.Count > 0 && HasFifos)
        {
            _timeoutInterrupt = true;
            Update();
        }
    }

    /// <summary>All state, as rows without side effects: the armed timers are rows of the caller's.</summary>
    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        uint divisor = _divisor;
        _received.SyncState(sync, "receive FIFO");
        _toSend.SyncState(sync, "transmit FIFO");
        sync.Row("RBR", ref _receiverBuffer);
        sync.Row("THR", ref _holding);
        sync.Row("TSR", ref _shifter);
        sync.Row("IER", ref _interruptEnable);
        sync.Row("IIR", ref _identification);
        sync.Row("FCR", ref _fifoControl);
        sync.Row("LCR", ref _lineControl);
        sync.Row("MCR", ref _modemControl);
        sync.Row("LSR", ref _lineStatus);
        sync.Row("MSR", ref _modemStatus);
        sync.Row("SCR", ref _scratch);
        sync.Row("divisor", ref divisor);
        sync.Row("character time", ref _characterTime);
        sync.Row("shifting", ref _shifting);
        sync.Row("THRE pending", ref _holdingInterrupt);
        sync.Row("timeout pending", ref _timeoutInterrupt);
        if (sync.Loading && (divisor > ushort.MaxValue || _characterTime <= VirtualTime.Zero || !IsConsistent))
        {
            throw new StateFormatException(
                $"row 'LSR': 0x{_lineStatus:x2} with {_received.Count} and {_toSend.Count} bytes in the FIFOs and a divisor of {divisor} is no state of a UART");
        }

        _divisor = (ushort)divisor;
    }

    /// <summary>
    /// While THRE is clear the transmitter is busy, and with FIFOs on, exactly then characters wait in its own. With FIFOs
    /// off both are empty.
    /// </summary>
    private bool IsConsistent
    {
        get
        {
            var waits = (_lineStatus & UartRegisters.HoldingEmpty) == 0;
            return (_shifting || !waits) && (HasFifos ? waits == (_toSend.Count > 0) : _toSend.Count + _received.Count == 0);
        }
    }

    /// <summary>Picoseconds of the bits of a character: at most 12 × 65,535 × 10^12 fits 64 bits.</summary>
    private VirtualTime CharacterTimeOf(int divisor, int frameBits) =>
        new(Math.Max(1, (long)divisor * frameBits * VirtualTime.PerSecond / _baudBase));

    private void TakeIn(byte value, VirtualTime now)
    {
        if (HasFifos)
        {
            if (_received.IsFull)
            {
                // The FIFO keeps what it has: the new character is lost.
                _lineStatus |= UartRegisters.Overrun;
                Report(ReportKind.Refused, NoLine, value);
            }
            else
            {
                _received.Push(value);
            }

            _host.ArmTimer(TimeoutTimer, now + Characters(TimeoutCharacters));
        }
        else
        {
            if ((_lineStatus & UartRegisters.DataReady) != 0)
            {
                _lineStatus |= UartRegisters.Overrun;
                Report(ReportKind.Refused, NoLine, _receiverBuffer);
            }

            _receiverBuffer = value;
        }

        _lineStatus |= UartRegisters.DataReady;
        Update();
    }

    /// <summary>
    /// Moves the next character into the transmitter. The holding register's interrupt is due when the last one has
    /// moved, not when it has left.
    /// </summary>
    private void BeginCharacter(VirtualTime now)
    {
        _shifter = HasFifos ? _toSend.Pop() : _holding;
        _shifting = true;
        _host.ArmTimer(TransmitTimer, now + _characterTime);
        if (_toSend.Count == 0)
        {
            _lineStatus |= UartRegisters.HoldingEmpty;
            _holdingInterrupt = true;
            Update();
        }
    }

    private void EndCharacter(VirtualTime now)
    {
        _shifting = false;
        var sent = _shifter;
        if ((_lineStatus & UartRegisters.HoldingEmpty) == 0)
        {
            BeginCharacter(now);
        }
        else
        {
            _lineStatus |= UartRegisters.Idle;
        }

        if (IsLooped)
        {
            TakeIn(sent, now);
        }
        else
        {
            _output.Transmit(sent);
        }
    }

    private VirtualTime Characters(int count) => new(_characterTime.Picoseconds * count);

    /// <summary>What interrupts now, the most urgent first.</summary>
    private byte Identify()
    {
        if ((_interruptEnable & UartRegisters.EnableLineStatus) != 0 && (_lineStatus & UartRegisters.AnyError) != 0)
        {
            return UartRegisters.LineStatusError;
        }

        if ((_interruptEnable & UartRegisters.EnableReceived) != 0)
        {
            // That IER masks the timeout is not in the data sheet; QEMU has it from real hardware.
            if (_timeoutInterrupt)
            {
                return UartRegisters.CharacterTimeout;
            }

            if ((_lineStatus & UartRegisters.DataReady) != 0 && (!HasFifos || _received.Count >= TriggerLevel))
            {
                return UartRegisters.ReceivedData;
            }
        }

        if ((_interruptEnable & UartRegisters.EnableTransmitter) != 0 && _holdingInterrupt)
        {
            return UartRegisters.TransmitterEmpty;
        }

        return (_interruptEnable & UartRegisters.EnableModemStatus) != 0 && (_modemStatus & UartRegisters.ModemChanges) != 0
            ? UartRegisters.ModemStatusChanged
            : UartRegisters.None;
    }

    private void Update()
    {
        var wasPending = _identification != UartRegisters.None;
        _identification = Identify();
        var isPending = _identification != UartRegisters.None;
        if (isPending)
        {
            Report(wasPending ? ReportKind.Coalesced : ReportKind.Raised, InterruptPin, _identification);
        }
        else if (wasPending)
        {
            Report(ReportKind.Ended, InterruptPin, 0);
        }

        _host.DrivePin(InterruptPin, isPending);
    }

    private void Report(ReportKind kind, int line, ulong detail)
    {
        if (_host.Listening)
        {
            _host.Report(new DeviceReport(kind, line, detail));
        }
    }
}
