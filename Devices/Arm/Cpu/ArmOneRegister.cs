namespace Trapline.Devices.Arm.Cpu;

/// <summary>
/// Register ids of KVM_GET_ONE_REG and KVM_SET_ONE_REG (Linux arch/arm64/include/uapi/asm/kvm.h): architecture, size, kind, and which.
/// </summary>
public static class ArmOneRegister
{
    /// <summary>KVM_REG_ARM64 and KVM_REG_SIZE_U64.</summary>
    private const ulong Doubleword = 0x6030_0000_0000_0000;
    private const ulong CoreKind = Doubleword | 0x10_0000;
    private const ulong SystemKind = Doubleword | 0x13_0000;
    private const ulong NumberMask = 0xFFFF;

    // KVM_REG_ARM_CORE_REG: offset in struct kvm_regs in words of 32 bits.
    private const ulong WordsOfRegister = 2;
    private const int StackPointerNumber = 31;
    private const int CounterNumber = 32;
    private const int StatusNumber = 33;
    private const int StackPointerEl1Number = 34;
    private const int ReturnAddressNumber = 35;
    private const int SavedStatusNumber = 36;

    /// <summary>General registers: X0 to X30.</summary>
    public const int GeneralCount = 31;

    /// <summary>SP_EL0.</summary>
    public const ulong StackPointer = CoreKind | (StackPointerNumber * WordsOfRegister);

    /// <summary>PC.</summary>
    public const ulong ProgramCounter = CoreKind | (CounterNumber * WordsOfRegister);

    /// <summary>PSTATE.</summary>
    public const ulong Status = CoreKind | (StatusNumber * WordsOfRegister);

    /// <summary>SP_EL1.</summary>
    public const ulong StackPointerEl1 = CoreKind | (StackPointerEl1Number * WordsOfRegister);

    /// <summary>ELR_EL1, which is no system register here.</summary>
    public const ulong ReturnAddress = CoreKind | (ReturnAddressNumber * WordsOfRegister);

    /// <summary>SPSR_EL1, which is no system register here.</summary>
    public const ulong SavedStatus = CoreKind | (SavedStatusNumber * WordsOfRegister);

    /// <summary>
    /// KVM_REG_ARM_TIMER_CNT: the VM's virtual counter. This id and the next carry one another's encoding, a slip that has become the
    /// interface.
    /// </summary>
    public const ulong VirtualCounter = SystemKind | SystemRegister.CntvCvalEl0;

    /// <summary>KVM_REG_ARM_TIMER_CVAL.</summary>
    public const ulong VirtualCompare = SystemKind | SystemRegister.CntvctEl0;

    /// <summary>KVM_REG_ARM_TIMER_CTL.</summary>
    public const ulong VirtualControl = SystemKind | SystemRegister.CntvCtlEl0;

    /// <summary>KVM_REG_ARM_PTIMER_CNT: these three carry their own.</summary>
    public const ulong PhysicalCounter = SystemKind | SystemRegister.CntpctEl0;

    /// <summary>KVM_REG_ARM_PTIMER_CVAL.</summary>
    public const ulong PhysicalCompare = SystemKind | SystemRegister.CntpCvalEl0;

    /// <summary>KVM_REG_ARM_PTIMER_CTL.</summary>
    public const ulong PhysicalControl = SystemKind | SystemRegister.CntpCtlEl0;

    /// <summary>X0 to X30.</summary>
    public static ulong OfGeneral(int number) => (uint)number < GeneralCount
        ? CoreKind | ((ulong)number * WordsOfRegister)
        : throw new ArgumentOutOfRangeException(nameof(number), $"the general registers are X0 to X{GeneralCount - 1}; {number} is none");

    /// <summary>The general register that an id names.</summary>
    public static bool TryGetGeneral(ulong id, out int number)
    {
        number = (int)((id & NumberMask) / WordsOfRegister);
        return (id & ~NumberMask) == CoreKind && (id & 1) == 0 && number < GeneralCount;
    }

    /// <summary>ARM64_SYS_REG of a system register.</summary>
    public static ulong OfSystem(ushort encoding) => SystemKind | encoding;

    /// <summary>The encoding of the system register that an id names.</summary>
    public static bool TryGetSystem(ulong id, out ushort encoding)
    {
        encoding = (ushort)(id & NumberMask);
        return (id & ~NumberMask) == SystemKind;
    }
}
