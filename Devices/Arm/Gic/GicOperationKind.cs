namespace Trapline.Devices.Arm.Gic;

/// <summary>What the board's half of a GIC can be told or asked; the numbers are part of the state.</summary>
public enum GicOperationKind : byte
{
    None,

    /// <summary>The guest reads or writes the distributor.</summary>
    DistributorRead,
    DistributorWrite,

    /// <summary>The guest reads or writes the RD frame of a redistributor; the SGI frame is the vCPU's.</summary>
    RedistributorRead,
    RedistributorWrite,

    /// <summary>The guest reads or writes the frames of an ITS.</summary>
    ItsRead,
    ItsWrite,

    /// <summary>The wire of an SPI is driven, also to the level that it has.</summary>
    SpiLine,

    /// <summary>A message of a device: KVM_SIGNAL_MSI, a route, a write to GITS_TRANSLATER.</summary>
    SignalMessage,

    /// <summary>An attribute of the GIC's device file.</summary>
    GetAttribute,
    SetAttribute,

    /// <summary>An attribute of an ITS's device file.</summary>
    GetItsAttribute,
    SetItsAttribute,

    /// <summary>A CPU interface has let go of an interrupt.</summary>
    Released,

    /// <summary>A CPU interface ends an SPI that it does not hold.</summary>
    Deactivate,

    /// <summary>User space has placed redistributors.</summary>
    AddRegion,

    /// <summary>User space has created an ITS.</summary>
    CreateIts,

    /// <summary>User space has placed an ITS.</summary>
    PlaceIts,

    /// <summary>User space has initialised the GIC: the number of its SPIs is settled.</summary>
    Initialize,
}
