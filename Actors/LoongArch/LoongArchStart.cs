using Trapline.Actors.Vmm;
using Trapline.Devices.Common.Kvm;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Devices.LoongArch.PchPic;

namespace Trapline.Actors.LoongArch;

/// <summary>A LoongArch machine: vCPUs with their physical ids, IPI, EIOINTC with what it has to know, PCH-PIC at its address.</summary>
/// <param name="vcpus">How many it creates.</param>
/// <param name="controllersInKernel">Whether KVM has the interrupt controllers.</param>
/// <param name="features">What it leaves of the paravirtual features; null where this KVM lets nobody choose.</param>
public sealed class LoongArchStart(int vcpus, bool controllersInKernel, ulong? features) : MachineStart((int)Step.Done)
{
    private enum Step
    {
        CreateVm,
        CreateVcpus,
        SetCpuIds,
        SetParavirt,
        CreateIpi,
        CreateEiointc,
        SetCpuCount,
        SetFeatures,
        CreatePchPic,
        PlacePchPic,
        SetRouting,
        Run,
        Done,
    }

    public override RoutingRules Rules => RoutingRules.LoongArch;

    public override int Pins => RoutingRules.LoongArch.Pins;

    protected override int MostRounds => vcpus;

    protected override string NameOf(int step) => ((Step)step).ToString();

    protected override int RoundsOf(int step) => (Step)step switch
    {
        Step.CreateVcpus or Step.SetCpuIds or Step.Run => vcpus,
        Step.SetParavirt => features is null ? 0 : vcpus,
        >= Step.CreateIpi and <= Step.SetRouting => controllersInKernel ? 1 : 0,
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
            case Step.SetCpuIds:
                vmm.CallVm(KvmIoctl.SetOneRegister, (ulong)round, OneRegister.OfCsr(Csr.CpuId), (ulong)round);
                break;
            case Step.SetParavirt:
                vmm.CallVm(KvmIoctl.SetVcpuAttribute, (ulong)round, ConfigurationWords.FeaturesIndex, features!.Value, VcpuAttributes.ConfigurationGroup);
                break;
            case Step.CreateIpi:
                vmm.CallVm(KvmIoctl.CreateDevice, (ulong)KvmDeviceType.Ipi);
                break;
            case Step.CreateEiointc:
                vmm.CallVm(KvmIoctl.CreateDevice, (ulong)KvmDeviceType.Eiointc);
                break;
            case Step.SetCpuCount:
                Set(vmm, KvmDeviceType.Eiointc, EiointcUapi.ControlGroup, EiointcUapi.ControlInitializeCpuCount, (ulong)vcpus, sizeof(uint));
                break;
            case Step.SetFeatures:
                Set(vmm, KvmDeviceType.Eiointc, EiointcUapi.ControlGroup, EiointcUapi.ControlInitializeFeatures, Eiointc.QemuFeatures, sizeof(uint));
                break;
            case Step.CreatePchPic:
                vmm.CallVm(KvmIoctl.CreateDevice, (ulong)KvmDeviceType.PchPic);
                break;
            case Step.PlacePchPic:
                Set(vmm, KvmDeviceType.PchPic, PchPicUapi.ControlGroup, PchPicUapi.ControlInit, LoongArchAddressMap.PchPicBase, sizeof(ulong));
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
}
