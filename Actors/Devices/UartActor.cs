using Trapline.Devices.Common;
using Trapline.Devices.Common.Serial;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Devices;

/// <summary>Carries a 16550 UART and the line driver at the other end of its line.</summary>
public sealed class UartActor : PinDeviceActor
{
    /// <summary>The line driver's registers, from the UART's first.</summary>
    public const ulong LineDriverOffset = 0x40;

    /// <summary>After the UART's two timers.</summary>
    private const int TypingTimer = Uart16550.TimeoutTimer + 1;

    private Uart16550 _device;
    private LineDriver _line;
    private readonly ulong _base;

    /// <param name="machine">Number of the machine.</param>
    /// <param name="start">Where its registers are.</param>
    /// <param name="wiring">Where its pin leads.</param>
    /// <param name="placement">Where it and the controllers are.</param>
    public UartActor(int machine, ulong start, PinWiring wiring, DevicePlacement placement)
        : base(new ActorAddress(machine, ActorRole.Uart, 0), TypingTimer + 1, wiring, placement)
    {
        _base = start;
        _line = new LineDriver(this, TypingTimer);
        _device = new Uart16550(this, _line);
    }

    protected override InterruptSource Source => InterruptSource.Uart;

    protected override void SyncDevice(StateSync sync)
    {
        sync.Begin("uart");
        _device.SyncState(sync);
        sync.End();
        sync.Begin("line");
        _line.SyncState(sync);
        sync.End();
    }

    protected override void SyncModel(StateSync sync) => SyncDevice(sync);

    protected override void ResetModel()
    {
        _line = new LineDriver(this, TypingTimer);
        _device = new Uart16550(this, _line);
    }

    protected override AccessOutcome Read(ulong address, int size, out ulong value)
    {
        var offset = address - _base;
        return offset < LineDriverOffset
            ? _device.Read(offset, size, Now, out value)
            : _line.Read(offset - LineDriverOffset, size, out value);
    }

    protected override AccessOutcome Write(ulong address, int size, ulong value)
    {
        var offset = address - _base;
        return offset < LineDriverOffset
            ? _device.Write(offset, size, value, Now)
            : _line.Write(offset - LineDriverOffset, size, value, Now);
    }

    protected override void Expire(int timer)
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
