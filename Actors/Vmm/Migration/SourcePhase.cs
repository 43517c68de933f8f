namespace Trapline.Actors.Vmm.Migration;

/// <summary>What the source of a migration waits for.</summary>
internal enum SourcePhase : byte
{
    Idle,

    /// <summary>The destination's empty VM, and that all homes log what becomes dirty.</summary>
    Preparing,

    /// <summary>A value that a planned fault wants from before the stop.</summary>
    ReadingStale,

    /// <summary>vCPUs, out of KVM_RUN for such a value, to go on.</summary>
    Rerunning,

    /// <summary>Pages of a round to leave their homes.</summary>
    Copying,

    /// <summary>The link, for as long as it takes to send them.</summary>
    Sending,

    /// <summary>How many pages have become dirty meanwhile.</summary>
    Counting,

    /// <summary>vCPUs to leave KVM_RUN.</summary>
    Halting,

    /// <summary>A device to come to rest.</summary>
    Resting,

    /// <summary>A value from the kernel.</summary>
    Reading,

    /// <summary>The rows of a device.</summary>
    ReadingSection,

    /// <summary>The link, for the state.</summary>
    Transferring,

    /// <summary>The destination, which sets it.</summary>
    Loading,

    /// <summary>The disk image, to let go.</summary>
    Releasing,

    /// <summary>The destination, to run.</summary>
    HandingOver,

    /// <summary>The disk image, to say who may run the VM: the destination has not been heard of again.</summary>
    Reclaiming,

    /// <summary>A file to be closed.</summary>
    Destroying,

    /// <summary>What was asked before the migration was given up.</summary>
    GivingUp,

    /// <summary>A vCPU to run again, here.</summary>
    Resuming,

    /// <summary>The counter, as it stood when the last vCPU had stopped.</summary>
    ReadingCounter,

    /// <summary>The counter, to be given its old value back: for the guest no time has passed.</summary>
    SettingCounter,
}
