using Trapline.Actors.Kernel;
using Trapline.Devices.Common;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Devices;

/// <summary>
/// Stands between a source of interrupts and its actor where periods may be perturbed: each timer comes due a drawn time
/// earlier or later. The device knows nothing of it.
/// </summary>
/// <param name="host">The device's actor.</param>
/// <param name="actor">The same, as the one that draws.</param>
internal sealed class ArrivalTimers(IDeviceHost host, Actor actor) : IDeviceHost
{
    private ulong _draws;

    public bool Listening => host.Listening;

    public void DrivePin(int pin, bool level) => host.DrivePin(pin, level);

    public void ArmTimer(int timer, VirtualTime due)
    {
        var now = actor.Now;
        host.ArmTimer(timer, now + actor.Perturbed(due - now, actor.Perturbation.Arrivals, RandomPurpose.Arrival, ref _draws));
    }

    public void CancelTimer(int timer) => host.CancelTimer(timer);

    public void Report(in DeviceReport report) => host.Report(in report);

    /// <summary>A row only where something draws: other runs keep their digests.</summary>
    public void SyncState(StateSync sync)
    {
        if (actor.Perturbation.Arrivals > 0)
        {
            sync.Row("arrivalDraws", ref _draws);
        }
    }
}
