using Trapline.Devices.Common.Kvm;
using Trapline.Devices.LoongArch.Vm;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Laws;

/// <summary>Files of a VM with four vCPUs, opened and closed in any order.</summary>
internal sealed class VmFilesSubject : LawSubject
{
    private readonly VmFiles _files = new(4, VmInterrupts.Devices);

    public override void SyncState(StateSync sync) => _files.SyncState(sync);

    protected override string Act(Step step)
    {
        var vcpu = step.Place % 5;
        var device = (KvmDeviceType)((uint)KvmDeviceType.Ipi + (step.Place % 3));
        switch (step.Action % 8)
        {
            case 0 or 1:
                return $"{_files.CreateVm()}";
            case 2:
                return $"{_files.CreateVcpu((ulong)vcpu)}";
            case 3:
                _files.DeviceCreated(device);
                return "created";
            case 4 when step.Place % 4 == 0:
                return $"{_files.CloseVm()} {_files.TryDestroy()}";
            case 5:
                return $"{_files.CloseVcpu(vcpu)} {_files.TryDestroy()}";
            case 6:
                return $"{_files.CloseDevice(device)} {_files.TryDestroy()}";
            default:
                return $"{_files.IsAlive} {_files.IsVmOpen} {_files.HasVcpu(vcpu)} {_files.IsVcpuOpen(vcpu)} {_files.IsDeviceOpen(device)}";
        }
    }
}
