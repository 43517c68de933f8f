namespace Trapline.Actors.Vmm.Migration;

/// <summary>What the destination of a migration waits for.</summary>
internal enum DestinationPhase : byte
{
    Idle,

    /// <summary>Its empty VM.</summary>
    Creating,

    /// <summary>Its devices, which are not to do anything before they have their state.</summary>
    Resting,

    /// <summary>State from the source.</summary>
    Receiving,

    /// <summary>A value, or the routes, to be set.</summary>
    Setting,

    /// <summary>A device to take its rows.</summary>
    SettingSection,

    /// <summary>The source's word that it may run.</summary>
    Loaded,

    /// <summary>The disk image.</summary>
    Locking,

    /// <summary>vCPUs, to be told to run.</summary>
    Starting,

    /// <summary>vCPUs, to run.</summary>
    Running,

    /// <summary>A file to be closed: nothing has come of it.</summary>
    Destroying,
}
