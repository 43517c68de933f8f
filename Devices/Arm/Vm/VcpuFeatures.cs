using Trapline.Devices.Common;

namespace Trapline.Devices.Arm.Vm;

/// <summary>KVM_ARM_VCPU_INIT (arch/arm64/kvm/arm.c): what a vCPU is, before it can run.</summary>
public static class VcpuFeatures
{
    /// <summary>KVM_ARM_TARGET_GENERIC_V8: the only target that this KVM has.</summary>
    public const uint GenericTarget = 5;

    /// <summary>KVM_ARM_VCPU_POWER_OFF: the vCPU waits for PSCI CPU_ON.</summary>
    public const uint PowerOff = 1u << 0;

    /// <summary>KVM_ARM_VCPU_EL1_32BIT: not on this host.</summary>
    public const uint Aarch32 = 1u << 1;

    /// <summary>KVM_ARM_VCPU_PSCI_0_2: the guest sees PSCI from 0.2 on.</summary>
    public const uint Psci02 = 1u << 2;

    /// <summary>Of a vCPU that was initialised: features of one that was have this bit, which is ours.</summary>
    public const uint Initialized = 1u << 31;

    private const uint Known = PowerOff | Psci02;

    // PMU, SVE, pointer authentication, nested: the rest of the features that KVM has numbers for.
    private const uint Numbered = 0x1FF;

    /// <param name="state">0, or what the vCPU was initialised with.</param>
    /// <param name="target">What user space wants it to be.</param>
    /// <param name="features">A bit for each.</param>
    /// <returns>0; ENOENT for a feature without a number, EINVAL for one that the host has not, for another target, and for other features than before but for PowerOff.</returns>
    public static int Initialize(ref uint state, uint target, uint features)
    {
        if (target != GenericTarget)
        {
            return Errno.InvalidArgument;
        }

        if ((features & ~Numbered) != 0)
        {
            return Errno.NoSuchEntry;
        }

        var isChange = state != 0 && ((state ^ features) & ~(Initialized | PowerOff)) != 0;
        if ((features & ~Known) != 0 || isChange)
        {
            return Errno.InvalidArgument;
        }

        state = features | Initialized;
        return Errno.Success;
    }
}
