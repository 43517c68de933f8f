using Trapline.Actors.Kernel;
using Trapline.Actors.Publishing;
using Trapline.Devices.Common;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.LoongArch;

/// <summary>
/// The VM's counter, of which each vCPU reads its own copy: KVM_SET_ONE_REG of it at the first vCPU is answered when every
/// other has it.
/// </summary>
public sealed partial class LoongArchVcpu
{
    // vCPUs that have not taken over the new offset yet.
    private int _counterMissing;

    protected override void Published(in Message answer)
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
    private bool TryPublishCounter()
    {
        if (Settings.Index != 0 || Settings.Count == 1)
        {
            return false;
        }

        _counterMissing = Settings.Count - 1;
        for (var vcpu = 1; vcpu < Settings.Count; vcpu++)
        {
            var target = new ActorAddress(Settings.Machine, ActorRole.Vcpu, vcpu);
            Send(target, MessageKind.Publish, PublishedRows.Head(PublishedTable.Counter, isLast: true), 0, _timer.CounterOffset);
        }

        return true;
    }

    private bool TryTakeOverCounter(in Message publication)
    {
        var isCounter = (uint)publication.Word0 == (uint)PublishedTable.Counter;
        if (isCounter)
        {
            _timer.CounterOffset = publication.Word2;
        }

        return isCounter;
    }

    /// <summary>Rows only where a VM can have another counter than its host: other runs keep their digests.</summary>
    private void SyncCounter(StateSync sync)
    {
        if (!IsMigratable)
        {
            return;
        }

        var offset = _timer.CounterOffset;
        sync.Row("counter offset", ref offset);
        _timer.CounterOffset = offset;
        sync.Count("counter missing", ref _counterMissing, Settings.Count);
    }
}
