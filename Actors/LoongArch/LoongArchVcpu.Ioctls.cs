using Trapline.Actors.Boundary;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Vm;
using Trapline.Messages;

namespace Trapline.Actors.LoongArch;

/// <summary>The ioctls of a LoongArch vCPU's file.</summary>
public sealed partial class LoongArchVcpu
{
    private static readonly ulong CpuIdRegister = OneRegister.OfCsr(Csr.CpuId);

    protected override int? ServeIoctl(in Message request, out ulong value)
    {
        value = 0;
        switch (IoctlMessage.Ioctl(in request))
        {
            case KvmIoctl.GetOneRegister:
                return _uapi.GetOneRegister(request.Word1, Now, out value);
            case KvmIoctl.SetOneRegister when request.Word1 == CpuIdRegister:
                // The map of ids is the VM's.
                Send(_boundary, MessageKind.AssignCpuId, (ulong)Settings.Index, request.Word2);
                return null;
            case KvmIoctl.SetOneRegister:
                var result = _uapi.SetOneRegister(request.Word1, request.Word2, Now);
                InterruptWanted = _interrupts.WantsInterrupt;
                return result;
            default:
                return Errno.NotTypewriter;
        }
    }

    /// <summary>The VM has gone, and with it who has which id.</summary>
    protected override void Destroyed()
    {
        _cpuIds.Clear();
        _interrupts.PhysicalId = CpuIdMap.Limit;
    }

    protected override int QueueInterrupt(int number) => _uapi.Interrupt(number);

    protected override void SetPhysicalId(ulong id) => _interrupts.PhysicalId = id;

    protected override void CpuIdAssigned(int result)
    {
        if (result == Errno.Success)
        {
            _interrupts.PhysicalId = OpenIoctl.Word2;
        }

        CompleteIoctl(result);
    }
}
