namespace Trapline.Devices.Arm.Cpu;

/// <summary>
/// The registers of the CPU interface. The number is the encoding of the system register (<see cref="SystemRegister"/>), and the
/// attribute by which KVM's user space names those that it can reach (spec gicv3-its 2.1).
/// </summary>
public enum IccRegister : ushort
{
    /// <summary>None: default of the type.</summary>
    None = 0,
    Pmr = 0xC230,
    Iar0 = 0xC640,
    Eoir0 = 0xC641,
    Hppir0 = 0xC642,
    Bpr0 = 0xC643,
    Ap0R0 = 0xC644,
    Ap0R1 = 0xC645,
    Ap0R2 = 0xC646,
    Ap0R3 = 0xC647,
    Ap1R0 = 0xC648,
    Ap1R1 = 0xC649,
    Ap1R2 = 0xC64A,
    Ap1R3 = 0xC64B,
    Dir = 0xC659,
    Rpr = 0xC65B,

    /// <summary>A write traps and is the vCPU's to send on: see <see cref="SgiRequest"/>.</summary>
    Sgi1R = 0xC65D,

    /// <inheritdoc cref="Sgi1R"/>
    Asgi1R = 0xC65E,

    /// <inheritdoc cref="Sgi1R"/>
    Sgi0R = 0xC65F,
    Iar1 = 0xC660,
    Eoir1 = 0xC661,
    Hppir1 = 0xC662,
    Bpr1 = 0xC663,
    Ctlr = 0xC664,
    Sre = 0xC665,
    IgrpEn0 = 0xC666,
    IgrpEn1 = 0xC667,
}
