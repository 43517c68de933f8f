using Trapline.Messages;

namespace Trapline.Devices.Common.Serial;

/// <content>What each register reads and takes.</content>
public sealed partial class Uart16550
{
    /// <summary>
    /// Reads a register. An access of any width is one of the byte register that it starts at, and has zeros above, as
    /// QEMU's memory-mapped UART has it.
    /// </summary>
    public AccessOutcome Read(ulong offset, int size, VirtualTime now, out ulong value)
    {
        CheckAccess(offset, size);
        value = ((int)offset & 7) switch
        {
            UartRegisters.Data => IsLatchOpen ? (byte)_divisor : ReadData(now),
            UartRegisters.InterruptEnable => IsLatchOpen ? (byte)(_divisor >> 8) : _interruptEnable,
            UartRegisters.IdentificationOrFifo => ReadIdentification(),
            UartRegisters.LineControl => _lineControl,
            UartRegisters.ModemControl => _modemControl,
            UartRegisters.LineStatus => ReadLineStatus(),
            UartRegisters.ModemStatus => ReadModemStatus(),
            _ => _scratch,
        };
        return AccessOutcome.Done;
    }

    /// <summary>Writes a register; of the source register only the low byte counts.</summary>
    public AccessOutcome Write(ulong offset, int size, ulong value, VirtualTime now)
    {
        CheckAccess(offset, size);
        var data = (byte)value;
        switch ((int)offset & 7)
        {
            case UartRegisters.Data when IsLatchOpen:
                _divisor = (ushort)((_divisor & 0xFF00) | data);
                SetCharacterTime();
                break;
            case UartRegisters.Data:
                WriteData(data, now);
                break;
            case UartRegisters.InterruptEnable when IsLatchOpen:
                _divisor = (ushort)((_divisor & 0x00FF) | (data << 8));
                SetCharacterTime();
                break;
            case UartRegisters.InterruptEnable:
                WriteInterruptEnable(data);
                break;
            case UartRegisters.IdentificationOrFifo:
                WriteFifoControl(data);
                break;
            case UartRegisters.LineControl:
                _lineControl = data;
                SetCharacterTime();
                break;
            case UartRegisters.ModemControl:
                _modemControl = (byte)(data & UartRegisters.ModemControlMask);
                break;
            case UartRegisters.Scratch:
                _scratch = data;
                break;
        }

        return AccessOutcome.Done;
    }

    private bool IsLatchOpen => (_lineControl & UartRegisters.DivisorLatch) != 0;

    private static void CheckAccess(ulong offset, int size)
    {
        if (size is not (1 or 2 or 4 or 8) || !Covers(offset, size))
        {
            throw new ArgumentOutOfRangeException(nameof(offset), $"{size} bytes at +0x{offset:x} are not an access to the UART: ask Covers first");
        }
    }

    private byte ReadData(VirtualTime now)
    {
        byte value = 0;
        if (!HasFifos)
        {
            value = _receiverBuffer;
        }
        else if (_received.Count > 0)
        {
            value = _received.Pop();
        }

        if (HasFifos && _received.Count > 0)
        {
            _host.ArmTimer(TimeoutTimer, now + Characters(TimeoutCharacters));
        }
        else
        {
            _lineStatus &= unchecked((byte)~(UartRegisters.DataReady | UartRegisters.Break));
        }

        _timeoutInterrupt = false;
        Update();
        return value;
    }

    /// <summary>Reading the transmitter's interrupt acknowledges it; the others end with their cause.</summary>
    private byte ReadIdentification()
    {
        var value = (byte)(_identification | (HasFifos ? UartRegisters.FifosEnabled : 0));
        if (_identification == UartRegisters.TransmitterEmpty)
        {
            _holdingInterrupt = false;
            Update();
        }

        return value;
    }

    private byte ReadLineStatus()
    {
        var value = _lineStatus;
        if ((value & (UartRegisters.Break | UartRegisters.Overrun)) != 0)
        {
            _lineStatus &= unchecked((byte)~(UartRegisters.Break | UartRegisters.Overrun));
            Update();
        }

        return value;
    }

    private byte ReadModemStatus()
    {
        if (IsLooped)
        {
            // The outputs are connected to the inputs: OUT2 to DCD, OUT1 to RI, DTR to DSR, RTS to CTS.
            return (byte)(((_modemControl & 0x0C) << 4) | ((_modemControl & 0x01) << 5) | ((_modemControl & 0x02) << 3));
        }

        var value = _modemStatus;
        if ((value & UartRegisters.ModemChanges) != 0)
        {
            _modemStatus &= UartRegisters.ModemLines;
            Update();
        }

        return value;
    }

    private void WriteData(byte value, VirtualTime now)
    {
        _holding = value;
        if (HasFifos)
        {
            if (_toSend.IsFull)
            {
                // QEMU: what waits longest is overwritten.
                Report(ReportKind.Refused, NoLine, _toSend.Pop());
            }

            _toSend.Push(value);
        }

        _holdingInterrupt = false;
        _lineStatus &= unchecked((byte)~(UartRegisters.HoldingEmpty | UartRegisters.Idle));
        Update();
        if (!_shifting)
        {
            BeginCharacter(now);
        }
    }

    /// <summary>
    /// Switching the transmitter's interrupt on raises it while the holding register is empty, also if it was
    /// acknowledged before. The data sheet does not say so; Windows relies on it, and so does QEMU.
    /// </summary>
    private void WriteInterruptEnable(byte value)
    {
        var changed = (_interruptEnable ^ value) & 0x0F;
        if (changed == 0)
        {
            return;
        }

        _interruptEnable = (byte)(value & 0x0F);
        if ((changed & UartRegisters.EnableTransmitter) != 0)
        {
            _holdingInterrupt = (_interruptEnable & UartRegisters.EnableTransmitter) != 0
                && (_lineStatus & UartRegisters.HoldingEmpty) != 0;
        }

        Update();
    }

    /// <summary>Switching the FIFOs on or off empties both.</summary>
    private void WriteFifoControl(byte value)
    {
        var resets = ((value ^ _fifoControl) & UartRegisters.FifoEnable) != 0
            ? UartRegisters.ReceiverReset | UartRegisters.TransmitterReset
            : value;
        if ((resets & UartRegisters.ReceiverReset) != 0)
        {
            _received.Clear();
            _lineStatus &= unchecked((byte)~(UartRegisters.DataReady | UartRegisters.Break));
            _timeoutInterrupt = false;
            _host.CancelTimer(TimeoutTimer);
        }

        if ((resets & UartRegisters.TransmitterReset) != 0)
        {
            _toSend.Clear();
            _lineStatus |= UartRegisters.HoldingEmpty;
            _holdingInterrupt = true;
            if (!_shifting)
            {
                _lineStatus |= UartRegisters.Idle;
            }
        }

        _fifoControl = (byte)(value & UartRegisters.FifoKept);
        Update();
    }

    /// <summary>A divisor of 0, or one that leaves less than a baud, keeps what was before, as QEMU does.</summary>
    private void SetCharacterTime()
    {
        if (_divisor == 0 || _divisor > _baudBase)
        {
            return;
        }

        var bits = 1 + 5 + (_lineControl & 3)
            + ((_lineControl & UartRegisters.Parity) != 0 ? 1 : 0)
            + ((_lineControl & UartRegisters.TwoStopBits) != 0 ? 2 : 1);
        _characterTime = CharacterTimeOf(_divisor, bits);
    }
}
