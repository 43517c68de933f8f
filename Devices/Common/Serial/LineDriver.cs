using Trapline.Devices.Common.Sources;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Devices.Common.Serial;

/// <summary>
/// Who sits at the other end of a UART's line: types as many characters as the guest asks for, one every so often, and
/// counts what it gets. Registers: <see cref="LineDriverRegisters"/>, in words of four or eight bytes; other accesses fault.
/// No real machine has it; workloads need no other file for their input.
/// </summary>
/// <remarks>As QEMU's terminals do, it waits while the UART has no room: no character is lost for want of a fast guest.</remarks>
/// <param name="host">Takes the timer.</param>
/// <param name="timer">Number of the timer that it has.</param>
public sealed class LineDriver(IDeviceHost host, int timer) : ISerialOutput
{
    private const ulong MaximumPeriod = RaiseSchedule.MaximumPeriod;

    private ulong _count;
    private ulong _period;
    private ulong _character;
    private ulong _typed;
    private ulong _heard;

    /// <summary>Whether the whole access lies in the registers. Only such accesses may be made.</summary>
    public static bool Covers(ulong offset, int size) => offset < LineDriverRegisters.End && (ulong)size <= LineDriverRegisters.End - offset;

    void ISerialOutput.Transmit(byte value) => _heard++;

    public AccessOutcome Read(ulong offset, int size, out ulong value)
    {
        if (!WordAccess.IsOne(offset, size, LineDriverRegisters.End))
        {
            value = 0;
            return AccessOutcome.Fault;
        }

        value = WordAccess.Extract(Register(WordAccess.RegisterOf(offset)), offset, size);
        return AccessOutcome.Done;
    }

    public AccessOutcome Write(ulong offset, int size, ulong value, VirtualTime now)
    {
        if (!WordAccess.IsOne(offset, size, LineDriverRegisters.End))
        {
            return AccessOutcome.Fault;
        }

        var register = WordAccess.RegisterOf(offset);
        var merged = WordAccess.Merge(Register(register), offset, size, value);
        switch (register)
        {
            case LineDriverRegisters.Count:
                _count = merged;
                Arm(now);
                break;
            case LineDriverRegisters.Period:
                _period = Math.Min(merged, MaximumPeriod);
                break;
            case LineDriverRegisters.Character:
                _character = (byte)merged;
                break;
        }

        return AccessOutcome.Done;
    }

    /// <summary>The timer ran out: the next character arrives, if there is room for it.</summary>
    public void Expire(ISerialPort uart, VirtualTime now)
    {
        ArgumentNullException.ThrowIfNull(uart);
        if (_count == 0)
        {
            return;
        }

        if (uart.ReceiveRoom > 0)
        {
            uart.Receive((byte)_character, now);
            _character = (byte)(_character + 1);
            _typed++;
            _count--;
        }

        Arm(now);
    }

    /// <summary>All state, as rows without side effects: the armed timer is a row of the caller's.</summary>
    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Row("COUNT", ref _count);
        sync.Row("PERIOD", ref _period);
        sync.Row("CHARACTER", ref _character);
        sync.Row("TYPED", ref _typed);
        sync.Row("HEARD", ref _heard);
        if (sync.Loading && (_period > MaximumPeriod || _character > byte.MaxValue))
        {
            throw new StateFormatException($"row 'PERIOD': {_period} ns with the character {_character} is over {MaximumPeriod} ns or a byte");
        }
    }

    private ulong Register(int register) => register switch
    {
        LineDriverRegisters.Count => _count,
        LineDriverRegisters.Period => _period,
        LineDriverRegisters.Character => _character,
        LineDriverRegisters.Typed => _typed,
        _ => _heard,
    };

    private void Arm(VirtualTime now)
    {
        if (_count == 0)
        {
            host.CancelTimer(timer);
            return;
        }

        // A period of 0 would never let time go on while the UART is full.
        host.ArmTimer(timer, now + VirtualTime.FromNanoseconds((long)Math.Max(1, _period)));
    }
}
