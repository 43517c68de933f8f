using Trapline.Devices.Common.Kvm;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Devices.LoongArch.PchPic;
using Trapline.Messages.State;

namespace Trapline.Actors.Vmm;

/// <summary>
/// The order in which a VMM makes a machine: the VM, its vCPUs with their physical ids, the controllers with what they have
/// to know, the routing of interrupts; then the vCPUs run. Rows of the VMM's actor.
/// </summary>
/// <remarks>It costs no virtual time but that of the messages: a machine's time is counted from when it is switched on.</remarks>
internal sealed class MachineStart(int vcpus, bool controllersInKernel, ulong pchPicBase, ulong? features)
{
    private Step _step;

    // Of the steps that are made for each vCPU.
    private int _vcpu;

    private enum Step : byte
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

    /// <summary>False for a machine into which another one's state will come: its vCPUs wait. Decided by who begins, no row.</summary>
    public bool RunsVcpus { get; set; } = true;

    public bool IsDone => _step == Step.Done;

    /// <summary>What is being done, for errors.</summary>
    public string Name => _step.ToString();

    /// <summary>The call of the present step; false once it runs.</summary>
    /// <param name="vmm">Sends it.</param>
    public bool TryCall(IVmmCalls vmm)
    {
        switch (_step)
        {
            case Step.CreateVm:
                vmm.CallVm(KvmIoctl.CreateVm);
                return true;
            case Step.CreateVcpus:
                vmm.CallVm(KvmIoctl.CreateVcpu, (ulong)_vcpu);
                return true;
            case Step.SetCpuIds:
                vmm.CallVm(KvmIoctl.SetOneRegister, (ulong)_vcpu, OneRegister.OfCsr(Csr.CpuId), (ulong)_vcpu);
                return true;
            case Step.SetParavirt:
                vmm.CallVm(KvmIoctl.SetVcpuAttribute, (ulong)_vcpu, ConfigurationWords.FeaturesIndex, features!.Value, VcpuAttributes.ConfigurationGroup);
                return true;
            case Step.CreateIpi:
                vmm.CallVm(KvmIoctl.CreateDevice, (ulong)KvmDeviceType.Ipi);
                return true;
            case Step.CreateEiointc:
                vmm.CallVm(KvmIoctl.CreateDevice, (ulong)KvmDeviceType.Eiointc);
                return true;
            case Step.SetCpuCount:
                Set(vmm, KvmDeviceType.Eiointc, EiointcUapi.ControlGroup, EiointcUapi.ControlInitializeCpuCount, (ulong)vcpus, sizeof(uint));
                return true;
            case Step.SetFeatures:
                Set(vmm, KvmDeviceType.Eiointc, EiointcUapi.ControlGroup, EiointcUapi.ControlInitializeFeatures, Eiointc.QemuFeatures, sizeof(uint));
                return true;
            case Step.CreatePchPic:
                vmm.CallVm(KvmIoctl.CreateDevice, (ulong)KvmDeviceType.PchPic);
                return true;
            case Step.PlacePchPic:
                Set(vmm, KvmDeviceType.PchPic, PchPicUapi.ControlGroup, PchPicUapi.ControlInit, pchPicBase, sizeof(ulong));
                return true;
            case Step.SetRouting:
                vmm.SetRouting();
                return true;
            case Step.Run:
                vmm.CallVm(KvmIoctl.Run, (ulong)_vcpu);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The call was answered with 0.</summary>
    public void Answered()
    {
        if (_step is Step.CreateVcpus or Step.SetCpuIds or Step.SetParavirt or Step.Run && ++_vcpu < vcpus)
        {
            return;
        }

        _vcpu = 0;
        _step++;
        _step = _step == Step.SetParavirt && features is null ? Step.CreateIpi : _step;
        _step = _step == Step.CreateIpi && !controllersInKernel ? Step.Run : _step;
        _step = _step == Step.Run && !RunsVcpus ? Step.Done : _step;
    }

    /// <summary>To be made anew.</summary>
    public void Restart() => (_step, _vcpu) = (Step.CreateVm, 0);

    public void SyncState(StateSync sync)
    {
        var step = (byte)_step;
        sync.RowBelow("step", ref step, (int)Step.Done + 1);
        _step = (Step)step;
        sync.Count("vcpu", ref _vcpu, vcpus - 1);
    }

    private static void Set(IVmmCalls vmm, KvmDeviceType device, uint group, ulong attribute, ulong value, int bytes) =>
        vmm.CallDevice(device, KvmIoctl.SetDeviceAttribute, group, attribute, value, bytes);
}
