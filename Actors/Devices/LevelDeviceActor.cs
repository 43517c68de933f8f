using Trapline.Devices.Common;
using Trapline.Devices.Common.Sources;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Devices;

/// <summary>Carries the level device.</summary>
public sealed class LevelDeviceActor : PinDeviceActor
{
    private LevelDevice _device;
    private ArrivalTimers _timers;
    private readonly ulong _base;

    /// <param name="machine">Number of the machine.</param>
    /// <param name="start">Where its registers are.</param>
    /// <param name="wiring">Where its pin leads.</param>
    /// <param name="placement">Where it and the controllers are.</param>
    public LevelDeviceActor(int machine, ulong start, PinWiring wiring, DevicePlacement placement)
        : base(new ActorAddress(machine, ActorRole.LevelDevice, 0), deviceTimers: 1, wiring, placement)
    {
        _base = start;
        _timers = new ArrivalTimers(this, this);
        _device = new LevelDevice(_timers);
    }

    protected override InterruptSource Source => InterruptSource.Level;

    protected override void SyncDevice(StateSync sync)
    {
        _device.SyncState(sync);
        _timers.SyncState(sync);
    }

    protected override void SyncModel(StateSync sync) => SyncDevice(sync);

    protected override void ResetModel()
    {
        _timers = new ArrivalTimers(this, this);
        _device = new LevelDevice(_timers);
    }

    protected override AccessOutcome Read(ulong address, int size, out ulong value) => _device.Read(address - _base, size, out value);

    protected override AccessOutcome Write(ulong address, int size, ulong value) => _device.Write(address - _base, size, value, Now);

    protected override void Expire(int timer) => _device.Expire(Now);
}
