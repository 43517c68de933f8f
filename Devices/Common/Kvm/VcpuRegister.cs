namespace Trapline.Devices.Common.Kvm;

/// <summary>
/// What <see cref="KvmIoctl.GetRegister"/> and <see cref="KvmIoctl.SetRegister"/> reach, by index. 0 to 31 are the general
/// registers; behind the program counter comes what the simulator alone has: a guest's own instructions keep it, and a VM
/// that moves takes it along as it takes its registers.
/// </summary>
public static class VcpuRegister
{
    public const int GeneralCount = 32;

    public const int ProgramCounter = 32;

    /// <summary>Of the simulator: how many numbers <c>random</c> has drawn.</summary>
    public const int Draws = 33;

    /// <summary>
    /// Of the simulator: 1 if the guest has ended by <c>exit</c>; KVM_RUN then does nothing. It stands for KVM_GET_MP_STATE, which
    /// says of every vCPU on LoongArch that it can run.
    /// </summary>
    public const int HasEnded = 34;

    /// <summary>Of the simulator: how many spans of <c>work</c> were perturbed.</summary>
    public const int WorkDraws = 35;

    /// <summary>Of the simulator: what is left of the <c>work</c> instruction at the program counter, ps. (CSR.WORK is that of the instruction that a handler left.)</summary>
    public const int WorkRemaining = 36;

    /// <summary>Of all architectures.</summary>
    public const int Count = 37;

    /// <summary>KVM_GET_MP_STATE of an ARM vCPU: 1 for KVM_MP_STATE_STOPPED, where PSCI has switched it off.</summary>
    public const int PoweredOff = 37;

    /// <summary>Whether something that names a register is an index here; ids of KVM_GET_ONE_REG are far above.</summary>
    public static bool IsIndex(ulong register) => register <= PoweredOff;

    /// <summary>What a register is called in reports.</summary>
    public static string NameOf(int index) => index switch
    {
        < GeneralCount => $"r{index}",
        ProgramCounter => "pc",
        Draws => "random",
        HasEnded => "ended",
        WorkDraws => "workDraws",
        WorkRemaining => "work",
        _ => "poweredOff",
    };
}
