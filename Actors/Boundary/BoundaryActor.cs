using Trapline.Actors.Kernel;
using Trapline.Actors.Publishing;
using Trapline.Actors.Statistics;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Boundary;

/// <summary>
/// The VM half of the userspace/kernel boundary: starts the vCPUs, owns the map of physical CPU ids, and answers, as
/// QEMU does where it has nothing mapped, accesses that no device serves: reads give 0, writes are ignored.
/// </summary>
public sealed class BoundaryActor : Actor
{
    private readonly int _machine;
    private readonly int _vcpus;
    private readonly CpuIdMap _cpuIds;
    private readonly Publication _publication;

    public BoundaryActor(int machine, int vcpus, CpuIdMap cpuIds)
        : base(new ActorAddress(machine, ActorRole.Boundary, 0), timerCount: 1)
    {
        _machine = machine;
        _vcpus = vcpus;
        _cpuIds = cpuIds;
        _publication = new Publication(
            PublishedTable.CpuIds,
            [
                .. Enumerable.Range(0, vcpus).Select(index => new ActorAddress(machine, ActorRole.Ipi, index)),
                .. Enumerable.Range(0, vcpus).Select(index => new ActorAddress(machine, ActorRole.Vcpu, index)),
                new ActorAddress(machine, ActorRole.Eiointc, 0),
            ]);
    }

    /// <summary>The first KVM_RUN of all vCPUs, at time 0.</summary>
    public override void Start() => ArmTimer(0, VirtualTime.Zero);

    protected override void Handle(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.Timer:
                for (var index = 0; index < _vcpus; index++)
                {
                    Send(new ActorAddress(_machine, ActorRole.Vcpu, index), MessageKind.Run);
                }

                break;
            case MessageKind.IocsrRead:
                Answer(in message, 0, ExitReasons.IocsrReadUser);
                break;
            case MessageKind.IocsrWrite:
                Answer(in message, 0, ExitReasons.IocsrWriteUser);
                break;
            case MessageKind.MmioRead:
                Answer(in message, 0, ExitReasons.MmioReadUser);
                break;
            case MessageKind.MmioWrite:
                Answer(in message, 0, ExitReasons.MmioWriteUser);
                break;
            case MessageKind.UserHypercallArguments:
                break;
            case MessageKind.UserHypercall:
                // This user space serves none: the result is the one that KVM has put there.
                Answer(in message, ulong.MaxValue, ExitReasons.UserHypercall);
                break;
            case MessageKind.AssignCpuId:
                Assign(in message);
                break;
            case MessageKind.PublishAnswer when _publication.Completes(in message, out var requester):
                Send(requester, MessageKind.AssignCpuIdAnswer);
                break;
            case MessageKind.PublishAnswer:
                break;
            default:
                throw Unexpected(in message);
        }
    }

    protected override void SyncRows(StateSync sync)
    {
        _cpuIds.SyncState(sync);
        _publication.SyncState(sync);
    }

    private void Answer(in Message access, ulong value, int reason)
    {
        Trace?.Access(Now, Address, in access, access.Kind is MessageKind.IocsrWrite or MessageKind.MmioWrite);
        Trace?.Served(Now, Address, value);
        Send(access.Source, MessageKind.AccessAnswer, value, 0, (ulong)reason);
    }

    /// <summary>KVM_SET_ONE_REG of CSR.CPUID: answered when every group knows the id.</summary>
    private void Assign(in Message request)
    {
        var vcpu = request.Word0;
        var result = vcpu < (ulong)_vcpus ? _cpuIds.TryAssign((int)vcpu, request.Word1) : Errno.InvalidArgument;
        if (result == Errno.Success)
        {
            // Also where the vCPU has the id already: the change that gave it may still be on its way to some copy.
            _publication.Publish(Send, vcpu, request.Word1, request.Source);
            return;
        }

        Send(request.Source, MessageKind.AssignCpuIdAnswer, (ulong)(long)result);
    }
}
