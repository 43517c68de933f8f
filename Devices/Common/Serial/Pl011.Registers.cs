using Trapline.Messages;

namespace Trapline.Devices.Common.Serial;

/// <content>What each register reads and takes.</content>
public sealed partial class Pl011
{
    /// <summary>Of revision r1p3, which QEMU has: from r1p5 on the FIFOs are of 32.</summary>
    private static readonly byte[] Identification = [0x11, 0x10, 0x14, 0x00, 0x0D, 0xF0, 0x05, 0xB1];

    /// <summary>
    /// Reads a register. An access of one, two or four bytes, at any of a register's four, is one of the register and gives its lowest
    /// bytes, as QEMU has it; one of eight is two.
    /// </summary>
    public AccessOutcome Read(ulong offset, int size, VirtualTime now, out ulong value)
    {
        CheckAccess(offset, size);
        value = ReadRegister(offset, size);
        if (size == sizeof(ulong))
        {
            value |= (ulong)ReadRegister(offset + sizeof(uint), size) << 32;
        }
        else
        {
            value &= (1UL << (8 * size)) - 1;
        }

        return AccessOutcome.Done;
    }

    /// <summary>Writes a register; what an access does not carry is 0.</summary>
    public AccessOutcome Write(ulong offset, int size, ulong value, VirtualTime now)
    {
        CheckAccess(offset, size);
        if (size == sizeof(ulong))
        {
            WriteRegister(offset, size, (uint)value, now);
            WriteRegister(offset + sizeof(uint), size, (uint)(value >> 32), now);
        }
        else
        {
            WriteRegister(offset, size, (uint)(value & ((1UL << (8 * size)) - 1)), now);
        }

        return AccessOutcome.Done;
    }

    private static void CheckAccess(ulong offset, int size)
    {
        if (size is not (1 or 2 or 4 or 8) || !Covers(offset, size))
        {
            throw new ArgumentOutOfRangeException(nameof(offset), $"{size} bytes at +0x{offset:x} are not an access to the UART: ask Covers first");
        }
    }

    private uint ReadRegister(ulong offset, int size)
    {
        var register = (int)offset & ~3;
        switch (register)
        {
            case Pl011Registers.Data:
                return ReadData();
            case Pl011Registers.Status:
                return _status;
            case Pl011Registers.Flags:
                return ReadFlags();
            case Pl011Registers.InfraredDivisor:
                return _infraredDivisor;
            case Pl011Registers.IntegerDivisor:
                return _integerDivisor;
            case Pl011Registers.FractionalDivisor:
                return _fractionalDivisor;
            case Pl011Registers.LineControl:
                return _lineControl;
            case Pl011Registers.Control:
                return _control;
            case Pl011Registers.FifoLevels:
                return _fifoLevels;
            case Pl011Registers.Mask:
                return _mask;
            case Pl011Registers.RawInterrupts:
                return _interrupts;
            case Pl011Registers.MaskedInterrupts:
                return _interrupts & _mask;
            case Pl011Registers.DmaControl:
                return _dmaControl;
            case >= Pl011Registers.Identification and < Pl011Registers.End:
                return Identification[(register - Pl011Registers.Identification) / sizeof(uint)];
            default:
                Report(ReportKind.Refused, NoLine, AccessDetail.Of((ulong)register, size, isWrite: false));
                return 0;
        }
    }

    private void WriteRegister(ulong offset, int size, uint value, VirtualTime now)
    {
        var register = (int)offset & ~3;
        switch (register)
        {
            case Pl011Registers.Data:
                WriteData((byte)value, now);
                break;
            case Pl011Registers.Status:
                _status = 0;
                break;
            case Pl011Registers.InfraredDivisor:
                _infraredDivisor = (byte)value;
                break;
            case Pl011Registers.IntegerDivisor:
                _integerDivisor = (ushort)value;
                break;
            case Pl011Registers.FractionalDivisor:
                _fractionalDivisor = value & 63;
                break;
            case Pl011Registers.LineControl:
                WriteLineControl(value & Pl011Registers.LineControlBits, now);
                break;
            case Pl011Registers.Control:
                WriteControl(value & Pl011Registers.ControlBits);
                break;
            case Pl011Registers.FifoLevels:
                _fifoLevels = value & Pl011Registers.FifoLevelsBits;
                break;
            case Pl011Registers.Mask:
                _mask = value & Pl011Registers.InterruptBits;
                Update();
                break;
            case Pl011Registers.InterruptClear:
                _interrupts &= ~value;
                Update();
                break;
            case Pl011Registers.DmaControl:
                _dmaControl = value & Pl011Registers.DmaControlBits;
                break;
            default:
                Report(ReportKind.Refused, NoLine, AccessDetail.Of((ulong)register, size, isWrite: true));
                break;
        }
    }

    /// <summary>The oldest character, which leaves the FIFO; 0 where none is.</summary>
    private uint ReadData()
    {
        uint value = 0;
        if (_received.Count > 0)
        {
            var (character, errors) = _received.Pop();
            _status = (byte)((_status & Pl011Registers.Overrun) | errors);
            value = character | ((uint)errors << 8);
            Fall();
        }

        // Not of this character: it says that one was lost since the last that found room.
        value |= _overrun ? Pl011Registers.Overrun << 8 : 0u;
        Update();
        return value;
    }

    private uint ReadFlags() => ModemLines
        | (_received.Count == 0 ? Pl011Registers.ReceiveEmpty : 0u)
        | (_received.Count == Depth ? Pl011Registers.ReceiveFull : 0u)
        | (_toSend.Count == 0 ? Pl011Registers.TransmitEmpty : 0u)
        | (_toSend.Count == Depth ? Pl011Registers.TransmitFull : 0u)
        | (_shifting ? Pl011Registers.Busy : 0u);

    private void WriteData(byte value, VirtualTime now)
    {
        if (_toSend.Count == Depth)
        {
            Report(ReportKind.Refused, NoLine, value);
            Update();
            return;
        }

        _toSend.Push(value);
        if (_toSend.Count > TransmitLevel)
        {
            _interrupts &= ~(uint)Pl011Registers.TransmitInterrupt;
        }

        Update();
        if (!_shifting)
        {
            BeginCharacter(now);
        }
    }

    /// <summary>
    /// Takes over the divisor, of which 0, and one that IBRD has no bits for, keeps what was before. Switching the FIFOs on or off empties both; a break
    /// is heard in loopback alone, at once.
    /// </summary>
    private void WriteLineControl(uint value, VirtualTime now)
    {
        var changed = value ^ _lineControl;
        _lineControl = value;
        var divisor = (_integerDivisor << 6) + _fractionalDivisor;
        if (divisor is >= 64 and <= MaximumDivisor)
        {
            _divisor = divisor;
        }

        if ((changed & Pl011Registers.FifoEnable) != 0)
        {
            _received.Clear();
            _toSend.Clear();
            Fall();
            Update();
        }

        if ((changed & value & Pl011Registers.SendBreak) != 0 && IsLooped)
        {
            TakeIn(0, Pl011Registers.Break, now);
        }
    }

    /// <summary>A line of the modem that changes interrupts.</summary>
    private void WriteControl(uint value)
    {
        var before = ModemLines;
        _control = value;
        var changed = before ^ ModemLines;
        var raised = Of(Pl011Registers.RingIndicator, Pl011Registers.RingInterrupt)
            | Of(Pl011Registers.ClearToSend, Pl011Registers.ClearToSendInterrupt)
            | Of(Pl011Registers.CarrierDetect, Pl011Registers.CarrierInterrupt)
            | Of(Pl011Registers.DataSetReady, Pl011Registers.DataSetInterrupt);
        if (raised != 0)
        {
            Raise(raised);
        }

        int Of(int line, int interrupt) => (changed & line) != 0 ? interrupt : 0;
    }

    /// <summary>The receiver's interrupts end when the FIFO is below its level, and when it is empty.</summary>
    private void Fall()
    {
        if (_received.Count < ReceiveLevel)
        {
            _interrupts &= ~(uint)Pl011Registers.ReceiveInterrupt;
        }

        if (_received.Count == 0)
        {
            _interrupts &= ~(uint)Pl011Registers.TimeoutInterrupt;
            _host.CancelTimer(TimeoutTimer);
        }
    }
}
