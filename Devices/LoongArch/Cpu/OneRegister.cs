namespace Trapline.Devices.LoongArch.Cpu;

/// <summary>
/// Register ids of KVM_GET_ONE_REG and KVM_SET_ONE_REG (Linux arch/loongarch/include/uapi/asm/kvm.h): architecture,
/// size, group, and the CSR's number times eight.
/// </summary>
public static class OneRegister
{
    /// <summary>KVM_REG_LOONGARCH_COUNTER: the VM's stable counter; through any vCPU, once (Linux arch/loongarch/kvm/vcpu.c).</summary>
    public const ulong Counter = KvmGroup | 1;

    /// <summary>KVM_REG_LOONGARCH_VCPU_RESET.</summary>
    public const ulong VcpuReset = KvmGroup | 2;

    private const ulong LoongArchDoubleword = 0x9030_0000_0000_0000;
    private const ulong CsrGroup = LoongArchDoubleword | 0x1_0000;
    private const ulong KvmGroup = LoongArchDoubleword | 0x2_0000;
    private const int NumberShift = 3;
    private const ulong NumberMask = 0x7FF8;

    /// <summary>KVM_IOC_CSRID of a CSR.</summary>
    public static ulong OfCsr(int number) => CsrGroup | ((ulong)number << NumberShift);

    /// <summary>The number of the CSR that an id names.</summary>
    public static bool TryGetCsr(ulong id, out int number)
    {
        number = (int)(id & NumberMask) >> NumberShift;
        return (id & ~NumberMask) == CsrGroup;
    }
}
