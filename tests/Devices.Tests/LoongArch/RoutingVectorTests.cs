using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Devices.LoongArch.PchMsi;
using Trapline.Devices.LoongArch.PchPic;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Devices.LoongArch.Vm;

namespace Trapline.Devices.Tests.LoongArch;

/// <summary>The numbered vectors of the interrupt ioctls, down to EIOINTC's registers.</summary>
public sealed class RoutingVectorTests : IInterruptInputs
{
    private const int Number = 7;

    private readonly MachineBench _bench = MachineBench.WithIds();
    private readonly PchPic _pic;
    private readonly PchMsi _msi;
    private readonly VmInterrupts _vm;
    private readonly Eventfd _eventfd;
    private readonly List<string> _inputs = [];

    public RoutingVectorTests()
    {
        var vectors = new RecordingHost { Driven = (vector, level) => _bench.Eiointc.Input(vector, level) };
        _pic = new PchPic(vectors, LoongArchProfiles.Kvm);
        _msi = new PchMsi(vectors, LoongArchProfiles.Kvm);
        _vm = new VmInterrupts(this);
        _eventfd = new Eventfd(this, RoutingRules.LoongArch);
    }

    void IInterruptInputs.DrivePin(int pin, bool level)
    {
        _inputs.Add($"pin {pin} {(level ? 1 : 0)}");
        _pic.Input(pin, level);
    }

    int IInterruptInputs.SignalMessage(in KvmMessage message)
    {
        _inputs.Add($"message {message.Data}");
        return _msi.Signal(message.Data);
    }

    [Fact]
    public void A1_a_controller_is_created_once()
    {
        Assert.Equal(Errno.NoSuchDevice, _vm.CreateDevice(11));
        Assert.Equal(Errno.NoSuchDevice, _vm.CreateDevice(15));
        foreach (var type in VmInterrupts.Devices)
        {
            Assert.False(_vm.IsComplete);
            Assert.Equal(0, _vm.CreateDevice((uint)type));
            Assert.Equal(Errno.InvalidArgument, _vm.CreateDevice((uint)type));
        }

        Assert.True(_vm.IsComplete);
    }

    [Fact]
    public void M1_KVM_SIGNAL_MSI_delivers_its_data_as_vector_and_returns_0()
    {
        CreateAll();
        Assert.Equal(0, _bench.EiointcUapi.SetAttribute(EiointcUapi.RegistersGroup, EiointcUapi.AttributeOf(EiointcRegisters.Enable + 8), 1));
        Assert.Equal(0, _vm.SignalMessage(64, 0));
        Assert.Equal(1u, _bench.Pending(0, word: 2));
        Assert.Equal("{HWI0}", _bench.Lines(0));
        Assert.Equal(Errno.InvalidArgument, _vm.SignalMessage(64, 1));
        Assert.Equal(Errno.InvalidArgument, _vm.SignalMessage(256, 0));
    }

    [Fact]
    public void M4_of_a_message_route_only_the_high_level_delivers()
    {
        CreateAll();
        Assert.Equal(0, _vm.Routing.SetRouting([GsiRoute.ToMessage(5, 70)], 0));
        Assert.Equal(-1, Line(5, false));
        Assert.Equal(0, Line(5, true));
        Assert.Equal(-1, Line(5, false));
        Assert.Equal(["message 70"], _inputs);
    }

    [Fact]
    public void M5_an_eventfd_write_of_3_is_one_interrupt()
    {
        CreateAll();
        Assert.Equal(0, _vm.Routing.SetRouting([GsiRoute.ToMessage(5, 70)], 0));
        Assert.Equal(0, _vm.AssignIrqfd(Number, 5, 0));
        _eventfd.Attach(_vm.Routing.RouteOf(Number));
        Assert.Empty(_inputs);
        Assert.Equal(0, _eventfd.Write(3));
        Assert.Equal(["message 70"], _inputs);
    }

    [Fact]
    public void M5_an_eventfd_that_is_set_already_injects_when_it_is_assigned()
    {
        CreateAll();
        Assert.Equal(0, _eventfd.Write(9));
        Assert.Equal(0, _vm.AssignIrqfd(Number, 2, InterruptRouting.IrqfdResample));
        _eventfd.Attach(_vm.Routing.RouteOf(Number));
        Assert.Equal(["pin 2 1"], _inputs);
        Assert.Equal(0, _vm.Routing.SetRouting([GsiRoute.ToMessage(2, 99)], 0));
        _eventfd.Reroute(_vm.Routing.RouteOf(Number));
        Assert.Equal(0, _eventfd.Write(1));
        Assert.Equal(0, _vm.Routing.DeassignIrqfd(Number, 2));
        _eventfd.Detach();
        Assert.Equal(0, _eventfd.Write(4));
        Assert.Equal(["pin 2 1", "message 99"], _inputs);
        Assert.Equal((0, 4UL), (_eventfd.Read(out var count), count));
    }

    [Fact]
    public void M6_an_irqfd_leaves_a_level_pin_asserted()
    {
        CreateAll();
        _bench.Write4(0, 0x1600, uint.MaxValue);
        _pic.Write(PchPicRegisters.HtmsiVector + 2, 1, 2);
        _pic.Write(PchPicRegisters.IntMask, 8, ~4ul);
        Assert.Equal(0, _vm.AssignIrqfd(Number, 2, 0));
        _eventfd.Attach(_vm.Routing.RouteOf(Number));
        Assert.Equal(0, _eventfd.Write(1));
        Assert.Equal(4u, _bench.Pending(0));
        _bench.Write4(0, 0x1800, 4);
        Assert.Equal("{}", _bench.Lines(0));
        _pic.Write(PchPicRegisters.IntMask, 8, ~0ul);
        _pic.Write(PchPicRegisters.IntMask, 8, ~4ul);
        Assert.Equal(4u, _bench.Pending(0));
        Assert.Equal("{HWI0}", _bench.Lines(0));
    }

    [Theory]
    [InlineData(KvmDeviceType.Ipi)]
    [InlineData(KvmDeviceType.Eiointc)]
    [InlineData(KvmDeviceType.PchPic)]
    public void M7_without_all_three_controllers_nothing_can_be_injected(KvmDeviceType missing)
    {
        foreach (var type in VmInterrupts.Devices.Where(type => type != missing))
        {
            Assert.Equal(0, _vm.CreateDevice((uint)type));
        }

        Assert.Equal(Errno.NoSuchAddress, _vm.IrqLine(2, true, out _));
        Assert.Equal(Errno.InvalidArgument, _vm.SignalMessage(64, 0));
        Assert.Equal(Errno.TryAgain, _vm.AssignIrqfd(Number, 2, 0));
        Assert.Empty(_inputs);
    }

    [Fact]
    public void M8_an_eventfd_is_assigned_once()
    {
        CreateAll();
        Assert.Equal(Errno.BadFile, _vm.AssignIrqfd(-1, 2, 0));
        Assert.Equal(Errno.InvalidArgument, _vm.AssignIrqfd(Number, 2, 8));
        Assert.Equal(0, _vm.AssignIrqfd(Number, 2, 0));
        Assert.Equal(Errno.Busy, _vm.AssignIrqfd(Number, 3, 0));
        Assert.Equal(0, _vm.Routing.DeassignIrqfd(Number, 2));
        Assert.Equal(0, _vm.AssignIrqfd(Number, 3, 0));
    }

    [Fact]
    public void M9_a_table_with_an_error_leaves_the_old_one_in_force()
    {
        CreateAll();
        GsiRoute good = GsiRoute.ToPin(9, 1);
        GsiRoute[][] wrong =
        [
            [good, GsiRoute.ToPin(1, 64)],
            [good, new GsiRoute(1, (GsiRouteKind)3, 0, 0)],
            [good, GsiRoute.ToMessage(1, 70), GsiRoute.ToMessage(1, 71)],
            [good, GsiRoute.ToPin(1, 1), GsiRoute.ToMessage(1, 71)],
            [good, GsiRoute.ToPin(1, 1), GsiRoute.ToPin(1, 2)],
            [good, GsiRoute.ToPin(4096, 1)],
            [good, new GsiRoute(1, GsiRouteKind.Irqchip, 1, 1)],
            [good, GsiRoute.ToPin(1, 1) with { Flags = 1 }],
        ];
        foreach (var table in wrong)
        {
            Assert.Equal(Errno.InvalidArgument, _vm.Routing.SetRouting(table, 0));
        }

        Assert.Equal(Errno.InvalidArgument, _vm.Routing.SetRouting([good], 1));
        Assert.Equal(0, Line(1, true));
        Assert.Equal(0, Line(63, true));
        Assert.Equal(["pin 1 1", "pin 63 1"], _inputs);
    }

    [Fact]
    public void M10_a_gsi_without_an_entry_is_no_error_and_not_delivered()
    {
        CreateAll();
        Assert.Equal(-1, Line(64, true));
        Assert.Equal(0, _vm.Routing.SetRouting([], 0));
        Assert.Equal(-1, Line(2, true));
        Assert.Empty(_inputs);
    }

    [Fact]
    public void A6_a_bad_pointer_is_EFAULT_and_nothing_changed()
    {
        var (ipi, eiointc, pic) = (_bench.IpiUapi, _bench.EiointcUapi, new PchPicUapi(_pic));
        var enable = EiointcUapi.AttributeOf(EiointcRegisters.Enable);
        Assert.Equal(Errno.BadAddress, DeviceAttributes.Set(eiointc, EiointcUapi.RegistersGroup, enable, 1, 0));
        Assert.Equal(Errno.BadAddress, DeviceAttributes.Set(ipi, IpiUapi.RegistersGroup, 0x20, 1, 7));
        Assert.Equal(Errno.BadAddress, DeviceAttributes.Set(pic, PchPicUapi.RegistersGroup, 0x20, 1, 4));
        Assert.Equal(Errno.BadAddress, DeviceAttributes.Get(eiointc, EiointcUapi.RegistersGroup, enable, 0, out _));
        Assert.Equal(0, DeviceAttributes.Set(eiointc, EiointcUapi.RegistersGroup, enable, 0x1234_8000_0005, 4));
        Assert.Equal(0, DeviceAttributes.Get(eiointc, EiointcUapi.RegistersGroup, enable, 4, out var read));
        Assert.Equal(0x8000_0005UL, read);
        Assert.Equal(0, DeviceAttributes.Set(eiointc, EiointcUapi.ControlGroup, EiointcUapi.ControlLoadFinished, 0, 0));
        Assert.Equal(Errno.InvalidArgument, DeviceAttributes.Set(ipi, IpiUapi.RegistersGroup, 0x24, 0, 0));
        Assert.Equal(Errno.NotPermitted, DeviceAttributes.HasNone());
    }

    /// <summary>Raw rows: the same answers after as before.</summary>
    [Fact]
    public void State_goes_out_and_in()
    {
        CreateAll();
        Assert.Equal(0, _vm.Routing.SetRouting([GsiRoute.ToMessage(5, 70), GsiRoute.ToPin(6, 3)], 0));
        Assert.Equal(0, _vm.AssignIrqfd(Number, 6, 0));
        var copy = new VmInterrupts(this);
        RawState.Copy(_vm.SyncState, copy.SyncState);
        Assert.True(copy.IsComplete);
        var eventfd = new Eventfd(this, RoutingRules.LoongArch);
        RawState.Copy(_eventfd.SyncState, eventfd.SyncState);
        eventfd.Attach(copy.Routing.RouteOf(Number));
        Assert.Equal(0, eventfd.Write(1));
        Assert.Equal(0, copy.IrqLine(5, true, out var status));
        Assert.Equal(0, status);
        Assert.Equal(["pin 3 1", "message 70"], _inputs);
        Assert.Equal(RawState.Save(_vm.SyncState), RawState.Save(copy.SyncState));
    }

    private int Line(uint gsi, bool level)
    {
        Assert.Equal(0, _vm.IrqLine(gsi, level, out var status));
        return status;
    }

    private void CreateAll()
    {
        foreach (var type in VmInterrupts.Devices)
        {
            Assert.Equal(0, _vm.CreateDevice((uint)type));
        }
    }
}
