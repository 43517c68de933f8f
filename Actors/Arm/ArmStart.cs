using Trapline.Actors.Vmm;
using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Vm;
using Trapline.Devices.Common.Kvm;

namespace Trapline.Actors.Arm;

/// <summary>
/// An ARM machine, as QEMU makes its machine <c>virt</c>: vCPUs of which all but the first wait for PSCI, a GICv3 with its number of
/// interrupts and its frames, an ITS, the routing of interrupts.
/// </summary>
/// <param name="vcpus">How many it creates, with ids from 0.</param>
/// <param name="interrupts">INTIDs of the distributor with the private ones.</param>
/// <param name="hasIts">Whether it has an ITS.</param>
public sealed class ArmStart(int vcpus, int interrupts, bool hasIts = true) : MachineStart((int)Step.Done)
{
    private const int RegionCountShift = 52;

    private enum Step
    {
        CreateVm,
        CreateVcpus,
        InitializeVcpus,
        CreateGic,
        SetInterrupts,
        PlaceDistributor,
        PlaceRedistributors,
        Initialize,
        CreateIts,
        PlaceIts,
        InitializeIts,
        SetRouting,
        Run,
        Done,
    }

    public override RoutingRules Rules => RoutingRules.Arm;

    public override int Pins => interrupts - InterruptIds.PrivateCount;

    protected override int MostRounds => Math.Max(vcpus, Regions);

    /// <summary>More than the space below the devices holds are in a second region, above memory.</summary>
    private int Regions => vcpus > ArmAddressMap.LowRedistributors ? 2 : 1;

    protected override string NameOf(int step) => ((Step)step).ToString();

    protected override int RoundsOf(int step) => (Step)step switch
    {
        Step.CreateVcpus or Step.InitializeVcpus or Step.Run => vcpus,
        Step.PlaceRedistributors => Regions,
        Step.CreateIts or Step.PlaceIts or Step.InitializeIts => hasIts ? 1 : 0,
        _ => 1,
    };

    protected override void Call(IVmmCalls vmm, int step, int round)
    {
        switch ((Step)step)
        {
            case Step.CreateVm:
                vmm.CallVm(KvmIoctl.CreateVm);
                break;
            case Step.CreateVcpus:
                vmm.CallVm(KvmIoctl.CreateVcpu, (ulong)round);
                break;
            case Step.InitializeVcpus:
                vmm.CallVm(KvmIoctl.InitializeVcpu, (ulong)round, VcpuFeatures.GenericTarget, VcpuFeatures.Psci02 | (round == 0 ? 0 : VcpuFeatures.PowerOff));
                break;
            case Step.CreateGic:
                vmm.CallVm(KvmIoctl.CreateDevice, (ulong)KvmDeviceType.GicV3);
                break;
            case Step.SetInterrupts:
                Set(vmm, KvmDeviceType.GicV3, GicAttributes.InterruptCount, 0, (ulong)interrupts, sizeof(uint));
                break;
            case Step.PlaceDistributor:
                Set(vmm, KvmDeviceType.GicV3, GicAttributes.Address, GicAttributes.AddressDistributor, ArmAddressMap.DistributorBase, sizeof(ulong));
                break;
            case Step.PlaceRedistributors:
                Set(vmm, KvmDeviceType.GicV3, GicAttributes.Address, GicAttributes.AddressRedistributorRegion, RegionOf(round), sizeof(ulong));
                break;
            case Step.Initialize:
                Set(vmm, KvmDeviceType.GicV3, GicAttributes.Control, GicAttributes.ControlInitialize, 0, 0);
                break;
            case Step.CreateIts:
                vmm.CallVm(KvmIoctl.CreateDevice, (ulong)KvmDeviceType.Its);
                break;
            case Step.PlaceIts:
                Set(vmm, KvmDeviceType.Its, GicAttributes.Address, GicAttributes.AddressIts, ArmAddressMap.ItsBase, sizeof(ulong));
                break;
            case Step.InitializeIts:
                Set(vmm, KvmDeviceType.Its, GicAttributes.Control, GicAttributes.ControlInitialize, 0, 0);
                break;
            case Step.SetRouting:
                vmm.SetRouting();
                break;
            default:
                vmm.CallVm(KvmIoctl.Run, (ulong)round);
                break;
        }
    }

    private static void Set(IVmmCalls vmm, KvmDeviceType device, uint group, ulong attribute, ulong value, int bytes) =>
        vmm.CallDevice(device, KvmIoctl.SetDeviceAttribute, group, attribute, value, bytes);

    private ulong RegionOf(int index)
    {
        var (start, count) = index == 0
            ? (ArmAddressMap.RedistributorBase, Math.Min(vcpus, ArmAddressMap.LowRedistributors))
            : (ArmAddressMap.HighRedistributorBase, vcpus - ArmAddressMap.LowRedistributors);
        return ((ulong)(uint)count << RegionCountShift) | start | (uint)index;
    }
}
