using Trapline.Devices.Common.Kvm;
using Trapline.Devices.LoongArch.Vm;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Laws;

/// <summary>The interrupt ioctls of a VM, and an eventfd that follows its routes.</summary>
internal sealed class RoutingSubject : LawSubject
{
    private readonly VmInterrupts _vm;
    private readonly Eventfd _eventfd;

    // What the VMM knows, for it has said so itself.
    private readonly List<(int Eventfd, uint Gsi)> _irqfds = [];
    private readonly List<uint> _created = [];
    private GsiRoute[] _table = [];
    private GsiRoute _tied;

    public RoutingSubject()
    {
        _vm = new VmInterrupts(World);
        _eventfd = new Eventfd(World, RoutingRules.LoongArch);
    }

    public override void SyncState(StateSync sync)
    {
        _vm.SyncState(sync);
        _eventfd.SyncState(sync);
    }

    /// <summary>What a destination's VMM does: controllers, table, irqfds in their order.</summary>
    public void MakeAnew(RoutingSubject fresh)
    {
        _created.ForEach(type => Assert.Equal(0, fresh.Create(type)));
        Assert.Equal(0, fresh.Replace(_table, 0));
        _irqfds.ForEach(irqfd => Assert.Equal(0, fresh.Assign(irqfd.Eventfd, irqfd.Gsi, 0)));
        if (_eventfd.IsAttached)
        {
            fresh.Tie(_tied);
        }
    }

    protected override string Act(Step step)
    {
        var gsi = (uint)(step.Value % 70);
        switch (step.Action % 12)
        {
            case 0 or 1 or 2:
                return $"{Create((uint)(11 + (step.Place % 5)))} {_vm.IsComplete}";
            case 3:
                return $"{Replace(Routes(step), step.Place % 16 == 0 ? 1u : 0)}";
            case 4:
                return $"{_vm.IrqLine(gsi, step.Place % 2 == 0, out var status)} {status}";
            case 5:
                return $"{_vm.SignalMessage((uint)step.Value % 300, step.Place % 16 == 0 ? 1u : 0)}";
            case 6:
                return $"{Assign((step.Place % 6) - 1, gsi, (uint)step.Place / 8 % 4)}";
            case 7:
                _irqfds.Remove((step.Place % 5, gsi));
                return $"{_vm.Routing.DeassignIrqfd(step.Place % 5, gsi)} {string.Join(' ', _vm.Routing.Eventfds.Select(fd => $"{fd}:{_vm.Routing.RouteOf(fd)}"))}";
            case 8 when step.Place % 8 == 0:
                _vm.Destroy();
                _eventfd.Detach();
                _irqfds.Clear();
                _created.Clear();
                _table = [];
                return "destroyed";
            case 9:
                Tie(_vm.Routing.RouteOf(step.Place % 5));
                return $"{_eventfd.IsAttached}";
            case 10:
                _tied = _vm.Routing.RouteOf(step.Place % 5);
                _eventfd.Reroute(_tied);
                return $"{_eventfd.Read(out var count)} {count}";
            default:
                return $"{_eventfd.Write(step.Place % 4 == 0 ? step.Value | (1UL << 63) : step.Value % 3)} {_eventfd.Count}";
        }
    }

    private int Create(uint type)
    {
        var result = _vm.CreateDevice(type);
        if (result == 0)
        {
            _created.Add(type);
            _table = type == (uint)KvmDeviceType.PchPic ? [.. Enumerable.Range(0, RoutingRules.LoongArch.Pins).Select(pin => GsiRoute.ToPin((uint)pin, (uint)pin))] : _table;
        }

        return result;
    }

    private int Replace(GsiRoute[] table, uint flags)
    {
        var result = _vm.Routing.SetRouting(table, flags);
        _table = result == 0 ? table : _table;
        return result;
    }

    private int Assign(int eventfd, uint gsi, uint flags)
    {
        var result = _vm.AssignIrqfd(eventfd, gsi, flags);
        if (result == 0)
        {
            _irqfds.Add((eventfd, gsi));
        }

        return result;
    }

    private void Tie(GsiRoute route)
    {
        _tied = route;
        _eventfd.Attach(route);
    }

    private static GsiRoute[] Routes(Step step) => [.. Enumerable.Range(0, step.Place % 7).Select(i => (i & 1) == 0
        ? GsiRoute.ToPin((uint)(i * (1 + (int)(step.Value % 9))), (uint)(step.Value >> 8) % 66)
        : GsiRoute.ToMessage((uint)(i * (1 + (int)(step.Value % 9))), (uint)(step.Value >> 16) % 300))];
}
