namespace Trapline.Devices.LoongArch.Timer;

/// <summary>What the counter of a constant timer does. Numbers are part of the state format.</summary>
internal enum TimerPhase : byte
{
    /// <summary>It stands still.</summary>
    Stopped,

    /// <summary>It counts down to its next expiry.</summary>
    Running,

    /// <summary>One-shot, after the expiry: it counts down from its greatest value.</summary>
    Fired,

    /// <summary>User space has set it; it starts at the next guest entry.</summary>
    Restored,

    /// <summary>User space has stopped the vCPU while the counter was running; it goes on with what was left at the next guest entry.</summary>
    HeldRunning,

    /// <summary>As <see cref="HeldRunning"/>, after the expiry of a one-shot timer.</summary>
    HeldFired,
}
