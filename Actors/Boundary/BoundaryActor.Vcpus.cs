using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Messages;

namespace Trapline.Actors.Boundary;

/// <summary>The vCPUs of the VM: their creation, physical ids and features, and the first KVM_RUN.</summary>
public sealed partial class BoundaryActor
{
    /// <summary>
    /// Before the machine runs the message precedes whatever reaches the vCPU from here; in one that runs, the call ends when the
    /// vCPU can be spoken to.
    /// </summary>
    private void CreateVcpu(in Message request)
    {
        var result = _files.CreateVcpu(request.Word1);
        var isCall = result == Errno.Success && _hasRun;
        if (result == Errno.Success)
        {
            Send(Vcpu((int)request.Word1), MessageKind.Life, 1, isCall ? 1UL : 0, (ulong)_createdAt.Picoseconds);
        }

        if (isCall)
        {
            _creators[request.Word1] = request.Source;
        }
        else
        {
            Send(request.Source, MessageKind.IoctlAnswer, (ulong)(long)result);
        }
    }

    /// <summary>
    /// KVM_SET_ONE_REG of CSR.CPUID before the machine runs: nobody can look at the map yet, so it is published as a whole
    /// when the first vCPU runs.
    /// </summary>
    private int SetCpuIdBeforeRun(int vcpu, ulong register, ulong id)
    {
        if (!_files.IsVcpuOpen(vcpu))
        {
            return Errno.BadFile;
        }

        if (_hasRun || register != OneRegister.OfCsr(Csr.CpuId))
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
    private int SetFeaturesBeforeRun(int vcpu, uint group, ulong attribute, ulong word)
    {
        if (!_files.IsVcpuOpen(vcpu))
        {
            return Errno.BadFile;
        }

        if (_hasRun || group != VcpuAttributes.ConfigurationGroup || attribute != ConfigurationWords.FeaturesIndex)
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

    private int Run(int vcpu)
    {
        if (!_files.IsVcpuOpen(vcpu))
        {
            return Errno.BadFile;
        }

        if (!_hasRun)
        {
            _hasRun = true;

            // It precedes the vCPU's first instruction everywhere: nobody needs to acknowledge it.
            PublishCpuIds();
        }

        Send(Vcpu(vcpu), MessageKind.Run);
        return Errno.Success;
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

    private void VcpuCreated(int vcpu)
    {
        Send(_creators[vcpu], MessageKind.IoctlAnswer);
        _creators[vcpu] = default;
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
