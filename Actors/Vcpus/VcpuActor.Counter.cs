using Trapline.Actors.Kernel;
using Trapline.Actors.Publishing;
using Trapline.Devices.Common;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Vcpus;

/// <summary>
/// The VM's counter, of which each vCPU reads its own copy: KVM_SET_ONE_REG of it at the first vCPU is answered when every
/// other has it.
/// </summary>
public abstract partial class VcpuActor
{
    // vCPUs that have not taken over the new offset yet.
    private int _counterMissing;

    /// <summary>By how many ticks the VM's counter is away from the host's.</summary>
    protected abstract ulong CounterOffset { get; set; }

    /// <summary>A copy has the new offset; with the last one the call is over.</summary>
    protected void CounterPublished(in Message answer)
    {
        if (_counterMissing == 0)
        {
            throw new SimulationException($"{Address} is told at {Now} that {answer.Source} has taken over what it did not publish");
        }

        _counterMissing--;
        if (_counterMissing == 0)
        {
            CompleteIoctl(Errno.Success);
        }
    }

    /// <summary>False where this is the only vCPU, or one that KVM does not ask.</summary>
    protected bool TryPublishCounter()
    {
        if (Settings.Index != 0 || Settings.Count == 1)
        {
            return false;
        }

        _counterMissing = Settings.Count - 1;
        for (var vcpu = 1; vcpu < Settings.Count; vcpu++)
        {
            var target = new ActorAddress(Settings.Machine, ActorRole.Vcpu, vcpu);
            Send(target, MessageKind.Publish, PublishedRows.Head(PublishedTable.Counter, isLast: true), 0, CounterOffset);
        }

        return true;
    }

    /// <summary>False where something else is published.</summary>
    protected bool TryTakeOverCounter(in Message publication)
    {
        var isCounter = (uint)publication.Word0 == (uint)PublishedTable.Counter;
        if (isCounter)
        {
            CounterOffset = publication.Word2;
        }

        return isCounter;
    }

    /// <summary>The VM has gone: nobody answers any more.</summary>
    protected void ForgetCounterCopies() => _counterMissing = 0;

    /// <summary>To be called where a VM can have another counter than its host.</summary>
    protected void SyncCounterCopies(StateSync sync) => sync.Count("counter missing", ref _counterMissing, Settings.Count);
}
