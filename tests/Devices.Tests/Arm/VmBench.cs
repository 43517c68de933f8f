using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Arm.Vm;
using Trapline.Devices.Common.Kvm;

namespace Trapline.Devices.Tests.Arm;

/// <summary>An ARM VM as user space holds it: the files of GIC and ITS, the interrupt ioctls, and a whole GIC behind them.</summary>
internal sealed class VmBench : IArmInputs
{
    public const int Interrupts = 288;
    public const ulong Distributor = 0x0800_0000;
    public const ulong Redistributors = 0x080A_0000;
    public const ulong ItsBase = 0x0808_0000;
    public const ulong Doorbell = ItsBase + 0x1_0040;

    private readonly int[] _vcpus;

    /// <param name="vcpus">Ids in the order of creation.</param>
    public VmBench(params int[] vcpus)
    {
        _vcpus = vcpus;
        Guest = new GicBench(GicProfiles.Kvm, new GicTopology(vcpus, Interrupts, [], []));
        Vm = new ArmVmInterrupts(this, maximumIts: 2);
        foreach (var vcpu in vcpus)
        {
            Vm.Vgic.AddVcpu(vcpu);
        }
    }

    public ArmVmInterrupts Vm { get; }

    /// <summary>What the guest sees.</summary>
    public GicBench Guest { get; }

    /// <summary>Whether a vCPU is in KVM_RUN.</summary>
    public bool IsRunning { get; set; }

    /// <summary>The machine of the spec's examples (0.3), made as a VMM makes it.</summary>
    public static VmBench Standard(bool hasIts = true)
    {
        var bench = new VmBench(0, 1, 2, 3);
        Assert.Equal(0, bench.Create(KvmDeviceType.GicV3));
        Assert.Equal(0, bench.Set(GicAttributes.InterruptCount, 0, Interrupts));
        Assert.Equal(0, bench.SetAddress(GicAttributes.AddressDistributor, Distributor));
        Assert.Equal(0, bench.SetAddress(GicAttributes.AddressRedistributor, Redistributors));
        Assert.Equal(0, bench.Initialize());
        if (hasIts)
        {
            Assert.Equal(0, bench.Create(KvmDeviceType.Its));
            Assert.Equal(0, bench.SetIts(GicAttributes.Address, GicAttributes.AddressIts, ItsBase));
            Assert.Equal(0, bench.SetIts(GicAttributes.Control, GicAttributes.ControlInitialize, 0));
        }

        return bench;
    }

    /// <summary>A message of the vectors: to the ITS's doorbell, from device 2.</summary>
    public static KvmMessage Message(uint eventId, uint flags = KvmMessage.ValidDeviceId) => new(eventId, Doorbell, 2, flags);

    public int Create(KvmDeviceType type)
    {
        var result = Vm.CreateDevice((uint)type, IsRunning, out var file);
        if (result == 0 && type == KvmDeviceType.Its)
        {
            Assert.Equal(file.Number, Guest.Gic.CreateIts());
        }

        return result;
    }

    public int Initialize() => Set(GicAttributes.Control, GicAttributes.ControlInitialize, 0);

    public int SetAddress(ulong attribute, ulong value) => Set(GicAttributes.Address, attribute, value);

    public int Set(uint group, ulong attribute, ulong value, int bytes = 8)
    {
        var route = Vm.Vgic.Set(KvmDeviceType.GicV3, group, attribute, value, bytes, IsRunning);
        if (route.Result != 0 || route.Target == AttributeTarget.Vm)
        {
            return route.Result;
        }

        switch (group)
        {
            case GicAttributes.Address:
                var region = BoardOperations.Of(KvmDeviceType.GicV3, isSet: true, group, attribute, value, _vcpus.Length);
                Guest.Gic.AddRegion(new RedistributorRegion(region.Address, region.Index, region.Size != 0));
                return 0;
            case GicAttributes.Control when attribute == GicAttributes.ControlInitialize:
                Vm.InstallRouting();
                return Guest.Gic.Initialize(Vm.Vgic.Interrupts);
            default:
                return Guest.Gic.SetAttribute(group, attribute, value);
        }
    }

    public int Get(uint group, ulong attribute, out ulong value, ulong given = 0, int bytes = 8)
    {
        var route = Vm.Vgic.Get(KvmDeviceType.GicV3, group, attribute, given, bytes, IsRunning);
        value = route.Value;
        return route.Result != 0 || route.Target == AttributeTarget.Vm ? route.Result : Guest.Gic.GetAttribute(group, attribute, out value);
    }

    public int SetIts(uint group, ulong attribute, ulong value, int its = 0, int bytes = 8)
    {
        var route = Vm.Vgic.Set(new DeviceFile(KvmDeviceType.Its, its), group, attribute, value, bytes, IsRunning);
        if (route.Result != 0 || route.Target == AttributeTarget.Vm)
        {
            return route.Result;
        }

        if (group != GicAttributes.Address)
        {
            return Guest.Gic.SetItsAttribute(its, group, attribute, value);
        }

        Guest.Gic.PlaceIts(its, value);
        return 0;
    }

    public int GetIts(uint group, ulong attribute, out ulong value, int its = 0, int bytes = 8)
    {
        var route = Vm.Vgic.Get(new DeviceFile(KvmDeviceType.Its, its), group, attribute, 0, bytes, IsRunning);
        value = route.Value;
        return route.Result != 0 || route.Target == AttributeTarget.Vm ? route.Result : Guest.Gic.GetItsAttribute(its, group, attribute, out value);
    }

    public int Has(uint group, ulong attribute) => Vm.Vgic.Has(KvmDeviceType.GicV3, group, attribute);

    public int HasOfIts(uint group, ulong attribute) => Vm.Vgic.Has(KvmDeviceType.Its, group, attribute);

    void IInterruptInputs.DrivePin(int pin, bool level) => Assert.Equal(0, Guest.Gic.DriveSpi(InterruptIds.FirstSpi + pin, level));

    void IArmInputs.DrivePpi(int vcpu, int interruptId, bool level) => Assert.Equal(0, Guest.Gic.DrivePpi(Array.IndexOf(_vcpus, vcpu), interruptId, level));

    int IInterruptInputs.SignalMessage(in KvmMessage message) => Guest.Gic.SendMessage(message.Address, message.Data, message.Flags, message.DeviceId);
}
