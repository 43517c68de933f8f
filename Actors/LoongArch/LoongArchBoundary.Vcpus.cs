using Trapline.Actors.Boundary;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Messages;

namespace Trapline.Actors.LoongArch;

/// <summary>Physical ids and features of the vCPUs.</summary>
public sealed partial class LoongArchBoundary
{
    protected override int ServeVcpu(in Message request, int vcpu) => IoctlMessage.Ioctl(in request) switch
    {
        KvmIoctl.SetOneRegister => SetCpuIdBeforeRun(vcpu, request.Word2, request.Word3),
        KvmIoctl.SetVcpuAttribute => SetFeaturesBeforeRun(IoctlMessage.Upper(in request), request.Word2, request.Word3),
        _ => Errno.NotTypewriter,
    };

    protected override int PrepareRun(int vcpu, bool isFirst)
    {
        if (isFirst)
        {
            // It precedes the vCPU's first instruction everywhere: nobody needs to acknowledge it.
            PublishCpuIds();
        }

        return Errno.Success;
    }

    /// <summary>
    /// KVM_SET_ONE_REG of CSR.CPUID before the machine runs: nobody can look at the map yet, so it is published as a whole
    /// when the first vCPU runs.
    /// </summary>
    private int SetCpuIdBeforeRun(int vcpu, ulong register, ulong id)
    {
        if (HasRun || register != OneRegister.OfCsr(Csr.CpuId))
        {
            // All else is the vCPU's half's.
            return Errno.InvalidArgument;
        }

        var result = _cpuIds.TryAssign(vcpu, id);
        if (result == Errno.Success)
        {
            Send(Vcpu(vcpu), MessageKind.PhysicalId, id);
        }

        return result;
    }

    /// <summary>
    /// KVM_SET_DEVICE_ATTR of a vCPU before the machine runs: the features are the VM's, so whichever vCPU is asked, all learn of it.
    /// </summary>
    private int SetFeaturesBeforeRun(uint group, ulong attribute, ulong word)
    {
        if (HasRun || group != VcpuAttributes.ConfigurationGroup || attribute != ConfigurationWords.FeaturesIndex)
        {
            // All else is the vCPU's half's.
            return Errno.NoSuchAddress;
        }

        var isNew = !_features.IsFixed;
        var result = _features.Set(word);
        for (var each = 0; result == Errno.Success && isNew && each < _cpuIds.Vcpus; each++)
        {
            Send(Vcpu(each), MessageKind.ParavirtFeatures, word);
        }

        return result;
    }

    private void PublishCpuIds()
    {
        for (var each = 0; each < _cpuIds.Vcpus; each++)
        {
            if (_cpuIds.IdOf(each) is < CpuIdMap.Limit and var id)
            {
                _publication.Add((ulong)each, id);
            }
        }

        _publication.PublishUnacknowledged(Send);
    }

    /// <summary>KVM_SET_ONE_REG of CSR.CPUID: answered when every group knows the id.</summary>
    private void Assign(in Message request)
    {
        var vcpu = request.Word0;
        var result = vcpu < (ulong)_cpuIds.Vcpus ? _cpuIds.TryAssign((int)vcpu, request.Word1) : Errno.InvalidArgument;
        if (result != Errno.Success)
        {
            Send(request.Source, MessageKind.AssignCpuIdAnswer, (ulong)(long)result);
            return;
        }

        // Also where the vCPU has the id already: the change that gave it may still be on its way to some copy.
        _publication.Add(vcpu, request.Word1);
        _publication.AddWaiter(request.Source);
        ((IDeviceHost)this).ArmTimer(PublishTimer, Now + AfterThisInstant);
    }

    private void AnswerAssigned()
    {
        while (_publication.TryTakeCompleted(out var requester))
        {
            Send(requester, MessageKind.AssignCpuIdAnswer);
        }
    }
}
