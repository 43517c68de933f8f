using Trapline.Devices.Common;
using Trapline.Devices.Common.Serial;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Devices;

/// <summary>Carries a UART and the line driver at the other end of its line, whose registers follow those of the UART.</summary>
public abstract class SerialActor : PinDeviceActor
{
    /// <summary>After the UART's two timers.</summary>
    private const int TypingTimer = 2;

    private readonly Func<IDeviceHost, ISerialOutput, ISerialPort> _create;
    private readonly ulong _base;
    private readonly ulong _lineOffset;
    private ISerialPort _device;
    private LineDriver _line;

    /// <param name="machine">Number of the machine.</param>
    /// <param name="registers">Where its registers are, and how far from the first those of the line driver.</param>
    /// <param name="wiring">Where its pin leads.</param>
    /// <param name="placement">Where it and the controllers are.</param>
    /// <param name="create">Makes the UART, as after a reset.</param>
    protected SerialActor(
        int machine, (ulong Base, ulong LineOffset) registers, PinWiring wiring, DevicePlacement placement, Func<IDeviceHost, ISerialOutput, ISerialPort> create)
        : base(new ActorAddress(machine, ActorRole.Uart, 0), TypingTimer + 1, wiring, placement)
    {
        ArgumentNullException.ThrowIfNull(create);
        (_base, _lineOffset) = registers;
        _create = create;
        _line = new LineDriver(this, TypingTimer);
        _device = create(this, _line);
    }

    protected sealed override InterruptSource Source => InterruptSource.Uart;

    protected sealed override void SyncDevice(StateSync sync)
    {
        sync.Begin("uart");
        _device.SyncState(sync);
        sync.End();
        sync.Begin("line");
        _line.SyncState(sync);
        sync.End();
    }

    protected sealed override void SyncModel(StateSync sync) => SyncDevice(sync);

    protected sealed override void ResetModel()
    {
        _line = new LineDriver(this, TypingTimer);
        _device = _create(this, _line);
    }

    protected sealed override AccessOutcome Read(ulong address, int size, out ulong value)
    {
        var offset = address - _base;
        return offset < _lineOffset
            ? _device.Read(offset, size, Now, out value)
            : _line.Read(offset - _lineOffset, size, out value);
    }

    protected sealed override AccessOutcome Write(ulong address, int size, ulong value)
    {
        var offset = address - _base;
        return offset < _lineOffset
            ? _device.Write(offset, size, value, Now)
            : _line.Write(offset - _lineOffset, size, value, Now);
    }

    protected sealed override void Expire(int timer)
    {
        if (timer == TypingTimer)
        {
            _line.Expire(_device, Now);
        }
        else
        {
            _device.Expire(timer, Now);
        }
    }
}
