namespace Trapline.Actors.Vcpus;

/// <summary>What a vCPU is doing. A kick costs by it: in the guest, blocked, or outside the guest.</summary>
public enum VcpuPhase : byte
{
    /// <summary>Not started yet, or ended by <c>exit</c>.</summary>
    Stopped,

    /// <summary>In the guest, executing instructions.</summary>
    Running,

    /// <summary>In the guest, inside a <c>work</c> instruction.</summary>
    Working,

    /// <summary>In the guest, in a <c>wait</c> whose value has not changed yet.</summary>
    Spinning,

    /// <summary>In the guest, stalled until a page's home answers.</summary>
    AwaitingMemory,

    /// <summary>In the guest, the rest of a remote access's cost.</summary>
    FinishingMemory,

    /// <summary>Outside: on the way out, before the exit is acted on.</summary>
    Exiting,

    /// <summary>Outside: until a device or user space answers.</summary>
    AwaitingAnswer,

    /// <summary>Outside: the rest of the exit's cost, guest entry at its end.</summary>
    Entering,

    /// <summary>Outside: pulled out by a kick, guest entry at its end.</summary>
    PulledOut,

    /// <summary>Asleep in <c>idle</c>.</summary>
    Blocked,

    /// <summary>Outside: woken, guest entry at its end.</summary>
    Waking,

    /// <summary>Outside: in a hypercall that signals other vCPUs, one after the other.</summary>
    Signalling,

    /// <summary>On bare metal: stalled until a register of a device is read or written.</summary>
    AccessingDevice,

    /// <summary>On bare metal: in <c>idle</c>.</summary>
    Halted,

    /// <summary>On bare metal: an interrupt ends <c>idle</c>.</summary>
    Resuming,

    /// <summary>Outside KVM_RUN, between two instructions: user space has stopped it, and runs it again or takes its state away.</summary>
    Paused,

    /// <summary>Outside: in KVM_RUN, but the CPU is off; until another one switches it on.</summary>
    PoweredOff,

    /// <summary>Outside: switched on, guest entry at its end.</summary>
    PoweringOn,
}
