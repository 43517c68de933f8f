namespace Trapline.Devices.Arm.Lpi;

/// <summary>The redistributors as LPIs and ITSs see them.</summary>
public interface ILpiTargets
{
    /// <summary>How many; an index is below it.</summary>
    int Vcpus { get; }

    /// <summary>GICD_CTLR lets group 1 through: LPIs are of group 1 always.</summary>
    bool DeliversGroup1 { get; }

    /// <summary>The index of the vCPU that a target field names, by id (GICR_TYPER.Processor_Number), or as the profile has it; or -1.</summary>
    int IndexOf(uint vcpuId);

    /// <summary>GICR_CTLR.EnableLPIs of a vCPU, as it is now.</summary>
    bool LpisEnabled(int vcpu);

    /// <summary>GICR_PROPBASER as stored; in KVM the same for all.</summary>
    ulong PropertyBase(int vcpu);

    /// <summary>GICR_PENDBASER as stored.</summary>
    ulong PendingBase(int vcpu);

    /// <summary>GICR_PENDBASER.PTZ as it was written, though KVM reads it as 0.</summary>
    bool PendingTableIsZero(int vcpu);
}
