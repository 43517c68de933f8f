namespace Trapline.Devices.Arm.Cpu;

/// <summary>What can be done with a register of the CPU interface; all else is an undefined instruction in the guest.</summary>
public static class IccRegisters
{
    /// <summary>Whether the guest can read it. AP0R1 and those beyond do not exist with 5 priority bits.</summary>
    public static bool IsReadable(IccRegister register) => register switch
    {
        IccRegister.Pmr or IccRegister.Bpr0 or IccRegister.Bpr1 or IccRegister.Ctlr or IccRegister.Sre => true,
        IccRegister.IgrpEn0 or IccRegister.IgrpEn1 or IccRegister.Ap0R0 or IccRegister.Ap1R0 => true,
        IccRegister.Iar0 or IccRegister.Iar1 or IccRegister.Hppir0 or IccRegister.Hppir1 or IccRegister.Rpr => true,
        _ => false,
    };

    /// <summary>Whether the guest can write it, those for SGIs included.</summary>
    public static bool IsWritable(IccRegister register) => register switch
    {
        IccRegister.Pmr or IccRegister.Bpr0 or IccRegister.Bpr1 or IccRegister.Ctlr or IccRegister.Sre => true,
        IccRegister.IgrpEn0 or IccRegister.IgrpEn1 or IccRegister.Ap0R0 or IccRegister.Ap1R0 => true,
        IccRegister.Eoir0 or IccRegister.Eoir1 or IccRegister.Dir => true,
        _ => IsSgi(register),
    };

    /// <summary>Whether a write of it asks for an SGI.</summary>
    public static bool IsSgi(IccRegister register) => register is IccRegister.Sgi1R or IccRegister.Asgi1R or IccRegister.Sgi0R;

    /// <summary>Of a register that asks for SGIs.</summary>
    public static SgiKind KindOf(IccRegister register) => register switch
    {
        IccRegister.Sgi1R => SgiKind.Sgi1,
        IccRegister.Asgi1R => SgiKind.Asgi1,
        IccRegister.Sgi0R => SgiKind.Sgi0,
        _ => throw new ArgumentOutOfRangeException(nameof(register), $"{register} asks for no SGI: ask IsSgi first"),
    };
}
