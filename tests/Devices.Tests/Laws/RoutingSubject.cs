using Trapline.Devices.LoongArch.Routing;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Laws;

/// <summary>The interrupt ioctls of a VM, and an eventfd that follows its routes.</summary>
internal sealed class RoutingSubject : LawSubject
{
    private readonly VmInterrupts _vm;
    private readonly Eventfd _eventfd;

    public RoutingSubject()
    {
        _vm = new VmInterrupts(World);
        _eventfd = new Eventfd(World);
    }

    public override void SyncState(StateSync sync)
    {
        _vm.SyncState(sync);
        _eventfd.SyncState(sync);
    }

    protected override string Act(Step step)
    {
        var gsi = (uint)(step.Value % 70);
        switch (step.Action % 12)
        {
            case 0 or 1 or 2:
                return $"{_vm.CreateDevice((uint)(11 + (step.Place % 5)))} {_vm.IsComplete}";
            case 3:
                return $"{_vm.SetRouting(Routes(step), step.Place % 16 == 0 ? 1u : 0)}";
            case 4:
                return $"{_vm.IrqLine(gsi, step.Place % 2 == 0, out var status)} {status}";
            case 5:
                return $"{_vm.SignalMessage((uint)step.Value % 300, step.Place % 16 == 0 ? 1u : 0)}";
            case 6:
                return $"{_vm.AssignIrqfd((step.Place % 6) - 1, gsi, (uint)step.Place / 8 % 4)}";
            case 7:
                return $"{_vm.DeassignIrqfd(step.Place % 5, gsi)} {string.Join(' ', _vm.Eventfds.Select(fd => $"{fd}:{_vm.RouteOf(fd)}"))}";
            case 8 when step.Place % 8 == 0:
                _vm.Destroy();
                _eventfd.Detach();
                return "destroyed";
            case 9:
                _eventfd.Attach(_vm.RouteOf(step.Place % 5));
                return $"{_eventfd.IsAttached}";
            case 10:
                _eventfd.Reroute(_vm.RouteOf(step.Place % 5));
                return $"{_eventfd.Read(out var count)} {count}";
            default:
                return $"{_eventfd.Write(step.Place % 4 == 0 ? step.Value | (1UL << 63) : step.Value % 3)} {_eventfd.Count}";
        }
    }

    private static GsiRoute[] Routes(Step step) => [.. Enumerable.Range(0, step.Place % 7).Select(i => (i & 1) == 0
        ? GsiRoute.ToPin((uint)(i * (1 + (int)(step.Value % 9))), (uint)(step.Value >> 8) % 66)
        : GsiRoute.ToMessage((uint)(i * (1 + (int)(step.Value % 9))), (uint)(step.Value >> 16) % 300))];
}
