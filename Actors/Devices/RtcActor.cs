using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Rtc;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Devices;

/// <summary>Carries the LS7A's real-time clock, which starts at the same date in every run.</summary>
public sealed class RtcActor : PinDeviceActor
{
    /// <summary>2024-01-01 00:00:00 UTC, in seconds since 1970: as QEMU's <c>-rtc base=</c> sets it.</summary>
    private const long StartOfClock = 1_704_067_200;

    private Ls7aRtc _device;
    private readonly ulong _base;

    /// <param name="machine">Number of the machine.</param>
    /// <param name="start">Where its registers are.</param>
    /// <param name="wiring">Where its pin leads.</param>
    /// <param name="placement">Where it and the controllers are.</param>
    public RtcActor(int machine, ulong start, PinWiring wiring, DevicePlacement placement)
        : base(new ActorAddress(machine, ActorRole.Rtc, 0), Ls7aRtc.Timers, wiring, placement)
    {
        _base = start;
        _device = new Ls7aRtc(this, StartOfClock);
    }

    protected override InterruptSource Source => InterruptSource.Rtc;

    protected override void SyncDevice(StateSync sync) => _device.SyncState(sync);

    /// <summary>
    /// Date, counter and alarms go by the host's clock, which a VM that is stopped does not stop (QEMU hw/rtc/ls7a_rtc.c counts
    /// by rtc_clock, whose default is the host's): the model's offsets from it stay, and an alarm that was missed comes at once.
    /// </summary>
    protected override bool FollowsHostClock => true;

    protected override void SyncModel(StateSync sync) => SyncDevice(sync);

    protected override void ResetModel() => _device = new Ls7aRtc(this, StartOfClock);

    protected override AccessOutcome Read(ulong address, int size, out ulong value) => _device.Read(address - _base, size, Now, out value);

    protected override AccessOutcome Write(ulong address, int size, ulong value) => _device.Write(address - _base, size, value, Now);

    protected override void Expire(int timer) => _device.Expire(timer);
}
