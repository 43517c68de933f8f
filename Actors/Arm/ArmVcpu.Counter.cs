using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Arm;

/// <summary>The virtual counter, which is the VM's: CNTVOFF has one value for all of its vCPUs (arch/arm64/kvm/arch_timer.c, timer_set_offset).</summary>
public sealed partial class ArmVcpu
{
    protected override ulong CounterOffset
    {
        get => _cpu.Timer.VirtualOffset;
        set
        {
            _cpu.Timer.SetVirtualCount(unchecked(_cpu.Timer.HostCount(Now) - value), Now);
            RefreshInterruptWanted();
        }
    }

    protected override void Published(in Message answer) => CounterPublished(in answer);

    /// <summary>Rows only where a VM can have another counter than its host: other runs keep their digests.</summary>
    private void SyncCounter(StateSync sync)
    {
        if (IsMigratable)
        {
            SyncCounterCopies(sync);
        }
    }
}
