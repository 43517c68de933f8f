using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Vm;
using Trapline.Devices.Common.Kvm;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Laws;

/// <summary>The files and interrupt ioctls of an ARM VM with up to six vCPUs, and an eventfd that follows its routes.</summary>
internal sealed class ArmVmSubject : LawSubject
{
    private static readonly ulong[] Places =
        [0, 0x10000, 0x20000, 0x100000, 0x201000, 1UL << 40, (1UL << 40) - 0x10000, (1UL << 52) | 0x200000, (2UL << 52) | 0x240001, (3UL << 52) | 0x300002, ulong.MaxValue];

    private readonly ArmVmInterrupts _vm;
    private readonly Eventfd _eventfd;

    public ArmVmSubject()
    {
        _vm = new ArmVmInterrupts(World, maximumIts: 2);
        _eventfd = new Eventfd(World, RoutingRules.Arm);
    }

    public override void SyncState(StateSync sync)
    {
        _vm.SyncState(sync);
        _eventfd.SyncState(sync);
    }

    protected override string Act(Step step)
    {
        var isRunning = step.Place % 16 == 15;
        var file = step.Place % 3 == 0 ? new DeviceFile(KvmDeviceType.Its, step.Place / 4 % 2) : KvmDeviceType.GicV3;
        switch (step.Action % 14)
        {
            case 0:
                return $"{_vm.CreateDevice(6 + (uint)(step.Place % 3), isRunning, out var created)} {created}";
            case 1 when _vm.Vgic.Vcpus.Count < 6:
                _vm.Vgic.AddVcpu(_vm.Vgic.Vcpus.Count * 7 % 16);
                return $"{_vm.Vgic.Vcpus.Count}";
            case 2 or 3:
                return $"{_vm.Vgic.Set(file, GicAttributes.Address, (ulong)(1 + (step.Place / 8 % 6)), Pick(Places, step), 8, isRunning)}";
            case 4:
                return $"{_vm.Vgic.Set(file, (uint)(step.Place / 8 % 10), step.Value, step.Value >> 3, (int)(step.Value % 10), isRunning)}";
            case 5:
                return $"{_vm.Vgic.Get(file, (uint)(step.Place / 8 % 10), step.Value, step.Value >> 3, (int)(step.Value % 10), isRunning)} {_vm.Vgic.Has(file, (uint)(step.Place % 10), step.Value)}";
            case 6:
                var result = _vm.Vgic.Set(KvmDeviceType.GicV3, step.Place % 2 == 0 ? GicAttributes.Control : GicAttributes.InterruptCount, 0, step.Value % 40 * 32, 4, isRunning);
                if (result.Target == AttributeTarget.Board)
                {
                    _vm.InstallRouting();
                }

                return $"{result} {_vm.Vgic.Interrupts} {_vm.Vgic.IsInitialized}";
            case 7:
                return $"{_vm.IrqLine((uint)step.Value, step.Place % 2 == 0)} {_vm.IrqLine(IrqLine.Ppi(step.Place % 8, 16 + (step.Place % 20)).Encoded, true)}";
            case 8:
                return $"{_vm.SignalMessage(new KvmMessage((uint)step.Value, step.Value, (uint)step.Place, (uint)step.Place % 3))} {_vm.Vgic.PrepareRun()}";
            case 9:
                return $"{_vm.Routing.SetRouting(Routes(step), step.Place % 16 == 0 ? 1u : 0)}";
            case 10:
                return $"{_vm.AssignIrqfd((step.Place % 6) - 1, (uint)(step.Value % 70), (uint)step.Place / 8 % 4, step.Place % 5)} {string.Join(' ', _vm.Ended(32 + (step.Place % 70)))}";
            case 11:
                _eventfd.Attach(_vm.Routing.RouteOf(step.Place % 5));
                return $"{_vm.Routing.DeassignIrqfd(step.Place % 5, (uint)(step.Value % 70))} {string.Join(' ', _vm.Routing.Eventfds.Select(fd => $"{fd}:{_vm.Routing.RouteOf(fd)}"))}";
            case 12 when step.Place % 8 == 0:
                _vm.Destroy();
                _eventfd.Detach();
                return "destroyed";
            default:
                return $"{_eventfd.Write(step.Value % 3)} {_eventfd.Count}";
        }
    }

    private static GsiRoute[] Routes(Step step) => [.. Enumerable.Range(0, step.Place % 7).Select(i => (i & 1) == 0
        ? GsiRoute.ToPin((uint)(i * (1 + (int)(step.Value % 9))), (uint)(step.Value >> 8) % 1000)
        : GsiRoute.ToMessage((uint)(i * (1 + (int)(step.Value % 9))), new KvmMessage((uint)step.Value, step.Value << 3, (uint)step.Place, (uint)(step.Value % 8 / 7))))];
}
