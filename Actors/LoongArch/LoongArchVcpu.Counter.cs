using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.LoongArch;

/// <summary>The stable counter, which is the VM's.</summary>
public sealed partial class LoongArchVcpu
{
    protected override ulong CounterOffset
    {
        get => _timer.CounterOffset;
        set => _timer.CounterOffset = value;
    }

    protected override void Published(in Message answer) => CounterPublished(in answer);

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
        SyncCounterCopies(sync);
    }
}
