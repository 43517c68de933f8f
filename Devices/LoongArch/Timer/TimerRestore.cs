namespace Trapline.Devices.LoongArch.Timer;

/// <summary>What a timer does at the first guest entry after user space has set TCFG and TVAL.</summary>
public enum TimerRestore : byte
{
    /// <summary>It goes on with TVAL: what a restore should do.</summary>
    KeepsRemaining,

    /// <summary>
    /// An enabled timer fires at once and a periodic one gets a new phase: Linux KVM does not transfer the expiry time,
    /// so that it looks long past (arch/loongarch/kvm/timer.c, kvm_restore_timer).
    /// </summary>
    FiresAtOnce,

    /// <summary>
    /// It goes on with TVAL, but a one-shot timer that had run out before it was saved runs out again: KVM lets the counter
    /// pass 0 and cleared the TI that this makes before it was there, up to about Linux 6.17 (defect F14, from memory).
    /// </summary>
    ExpiredFiresAgain,
}
