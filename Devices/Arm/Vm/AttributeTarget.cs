namespace Trapline.Devices.Arm.Vm;

/// <summary>Whose an attribute of the GIC's files is.</summary>
public enum AttributeTarget : byte
{
    /// <summary>The VM's: it is answered already.</summary>
    Vm,

    /// <summary>The board's half of the GIC.</summary>
    Board,

    /// <summary>A vCPU's half.</summary>
    Vcpu,
}
