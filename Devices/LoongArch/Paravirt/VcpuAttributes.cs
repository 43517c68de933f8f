using System.Buffers.Binary;
using Trapline.Devices.Common;

namespace Trapline.Devices.LoongArch.Paravirt;

/// <summary>
/// KVM_HAS_DEVICE_ATTR, KVM_GET_DEVICE_ATTR and KVM_SET_DEVICE_ATTR on a vCPU's file, with what the user pointer points
/// to as bytes: fewer than eight are a bad pointer. A failed call changes nothing.
/// </summary>
/// <param name="features">Of the VM.</param>
/// <param name="stealTime">Of the vCPU.</param>
/// <param name="memoryEnd">End of guest memory: a steal-time record must lie below.</param>
public sealed class VcpuAttributes(ParavirtFeatures features, StealTime stealTime, ulong memoryEnd)
{
    /// <summary>KVM_LOONGARCH_VCPU_CPUCFG.</summary>
    public const uint ConfigurationGroup = 0;

    /// <summary>KVM_LOONGARCH_VCPU_PVTIME_CTRL.</summary>
    public const uint StealTimeGroup = 1;

    private const int Bytes = sizeof(ulong);

    /// <summary>Word 2 says what the CPU can compute, word 6 which counters it has: a VMM asks what it may set there.</summary>
    private const ulong AbilitiesWord = 2;
    private const ulong CountersWord = 6;

    public int Has(uint group, ulong attribute) => group switch
    {
        ConfigurationGroup when features.IsSettable && attribute is AbilitiesWord or CountersWord or ConfigurationWords.FeaturesIndex => Errno.Success,
        StealTimeGroup when IsStealTime(attribute) => Errno.Success,
        _ => Errno.NoSuchAddress,
    };

    public int Get(uint group, ulong attribute, Span<byte> user)
    {
        ulong value;
        switch (group)
        {
            case ConfigurationGroup when features.IsSettable && attribute < ConfigurationWords.StoredCount:
                value = SettableBits((int)attribute);
                break;
            case ConfigurationGroup when features.IsSettable && attribute == ConfigurationWords.FeaturesIndex:
                value = features.Word;
                break;
            case StealTimeGroup when IsStealTime(attribute):
                value = stealTime.Address;
                break;
            default:
                return Errno.NoSuchAddress;
        }

        // For the words KVM itself does not look at whether the write succeeded; the pointer's owner does.
        return BinaryPrimitives.TryWriteUInt64LittleEndian(user, value) ? Errno.Success : Errno.BadAddress;
    }

    public int Set(uint group, ulong attribute, ReadOnlySpan<byte> user)
    {
        var isFeatures = group == ConfigurationGroup && features.IsSettable && attribute == ConfigurationWords.FeaturesIndex;
        if (!isFeatures && !(group == StealTimeGroup && IsStealTime(attribute)))
        {
            return Errno.NoSuchAddress;
        }

        if (user.Length < Bytes)
        {
            return Errno.BadAddress;
        }

        var value = BinaryPrimitives.ReadUInt64LittleEndian(user);
        return isFeatures ? features.Set(value) : SetStealTime(value);
    }

    /// <summary>Bits that user space may set in a stored word, on a host with a Loongson 3A5000 (_kvm_get_cpucfg_mask).</summary>
    private static ulong SettableBits(int index) => index switch
    {
        0 or 4 or 5 => uint.MaxValue,
        1 => 0x7FF_FFFF,

        // FP, FPSP, FPDP, FPVERS, LSX, LASX, LLFTP, LLFTPREV, the three kinds of LBT, LSPW, LAM.
        2 => 0x007F_C0FF,
        3 => 0xFCFD,
        6 => 0x7FFF,
        16 => 0x1_FFFF,
        >= 17 => 0x7FFF_FFFF,
        _ => 0,
    };

    private bool IsStealTime(ulong attribute) => attribute == 0 && features.IsSettable && features.Has(ParavirtFeature.StealTime);

    private int SetStealTime(ulong address) =>
        ((address & 1) == 0 || address < memoryEnd) && stealTime.TryRegister(address) ? Errno.Success : Errno.InvalidArgument;
}
