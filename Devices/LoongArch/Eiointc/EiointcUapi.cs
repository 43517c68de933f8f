using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;

namespace Trapline.Devices.LoongArch.Eiointc;

/// <summary>
/// EIOINTC as user space sees it: the attributes of KVM's device (KVM_SET_DEVICE_ATTR, KVM_GET_DEVICE_ATTR), all of four
/// bytes. Registers are stored raw, no line moves.
/// </summary>
/// <remarks>
/// Lost on the way: the counters; a route that COREMAP does not say, for it named an absent CPU; a line that IPMAP has left
/// stuck high; COREISR of a CPU that is counted but does not exist, which reads 0. LOAD_FINISHED recomputes the rest.
/// </remarks>
/// <param name="device">The device.</param>
/// <param name="vcpus">How many vCPUs the machine has: rows of COREISR.</param>
/// <param name="load">What LOAD_FINISHED does.</param>
public sealed class EiointcUapi(Eiointc device, int vcpus, EiointcLoad load = EiointcLoad.PendingHoldsLines) : IAttributes
{
    /// <summary>KVM_DEV_LOONGARCH_EXTIOI_GRP_REGS: the offset in bits 15:0, rounded down to 4; of COREISR the vCPU in 31:16.</summary>
    public const uint RegistersGroup = 0x40000002;

    /// <summary>KVM_DEV_LOONGARCH_EXTIOI_GRP_SW_STATUS.</summary>
    public const uint StatusGroup = 0x40000003;

    /// <summary>KVM_DEV_LOONGARCH_EXTIOI_GRP_CTRL; it can only be set.</summary>
    public const uint ControlGroup = 0x40000004;

    /// <summary>Attributes of <see cref="StatusGroup"/>.</summary>
    public const ulong StatusCpuCount = 0;
    public const ulong StatusFeatures = 1;
    public const ulong StatusState = 2;

    /// <summary>Attributes of <see cref="ControlGroup"/>; there is no 2.</summary>
    public const ulong ControlInitializeCpuCount = 0;
    public const ulong ControlInitializeFeatures = 1;
    public const ulong ControlLoadFinished = 3;

    /// <summary>Attribute of a register; the vCPU counts for COREISR alone.</summary>
    public static ulong AttributeOf(int offset, int vcpu = 0) => ((ulong)(vcpu & 0xFFFF) << 16) | (uint)(offset & 0xFFFF);

    /// <inheritdoc/>
    int IAttributes.WidthOf(uint group, ulong attribute) => group switch
    {
        RegistersGroup or StatusGroup => sizeof(uint),
        ControlGroup when attribute is ControlInitializeCpuCount or ControlInitializeFeatures => sizeof(uint),
        _ => 0,
    };

    int IAttributes.SetAttribute(uint group, ulong attribute, ulong value) => SetAttribute(group, attribute, (uint)value);

    int IAttributes.GetAttribute(uint group, ulong attribute, out ulong value)
    {
        var result = GetAttribute(group, attribute, out var word);
        value = word;
        return result;
    }

    /// <returns>0, or <see cref="Errno.InvalidArgument"/>; then nothing changed.</returns>
    public int SetAttribute(uint group, ulong attribute, uint value)
    {
        switch (group)
        {
            case RegistersGroup:
                return TransferRegister(attribute, ref value, isSet: true);
            case StatusGroup:
                return SetStatus(attribute, value);
            case ControlGroup:
                return Control(attribute, value);
            default:
                return Errno.InvalidArgument;
        }
    }

    /// <inheritdoc cref="SetAttribute"/>
    public int GetAttribute(uint group, ulong attribute, out uint value)
    {
        value = 0;
        switch (group)
        {
            case RegistersGroup:
                return TransferRegister(attribute, ref value, isSet: false);
            case StatusGroup when attribute <= StatusState:
                value = attribute switch
                {
                    StatusCpuCount => device.CpuCount,
                    StatusFeatures => device.Extension.Features,
                    _ => device.Extension.Status,
                };
                return Errno.Success;
            default:
                return Errno.InvalidArgument;
        }
    }

    private int TransferRegister(ulong attribute, ref uint value, bool isSet)
    {
        var offset = (int)(attribute & 0xFFFC);
        var vcpu = (int)(attribute >> 16) & 0xFFFF;
        var (region, start) = EiointcRegisters.Locate(offset);
        if (region == EiointcRegion.None)
        {
            return Errno.InvalidArgument;
        }

        if (region != EiointcRegion.CoreStatus)
        {
            vcpu = 0;
        }
        else if ((uint)vcpu >= device.CpuCount && !device.Profile.EiointcCpuCountUnchecked)
        {
            return Errno.InvalidArgument;
        }

        if (device.Profile.EiointcAttributeOffsetScaled && !TryScale(region, ref vcpu, ref offset, start))
        {
            // It hits what lies behind the array: in Linux other registers, here nobody's.
            value = 0;
            return Errno.Success;
        }

        if (vcpu < vcpus)
        {
            ref var word = ref device.StorageOf(region, offset - start, vcpu);
            var lane = new EiointcLane(offset, sizeof(uint));
            if (isSet)
            {
                lane.Put(ref word, value);
            }

            value = (uint)lane.Take(word);
        }

        return Errno.Success;
    }

    /// <summary>
    /// Defect F16: a pointer to words of eight bytes is moved by an offset in bytes, so the array's register n is looked for
    /// at register 8 n; COREISR is an array of all CPUs.
    /// </summary>
    /// <returns>False where that is behind the array.</returns>
    private static bool TryScale(EiointcRegion region, ref int vcpu, ref int offset, int start)
    {
        var at = (offset - start) * sizeof(ulong);
        if (region == EiointcRegion.CoreStatus)
        {
            vcpu += at / EiointcRegisters.FileBytes;
            at %= EiointcRegisters.FileBytes;
        }

        offset = start + at;
        return EiointcRegisters.Locate(offset) == (region, start);
    }

    /// <summary>Before Linux 6.16 the number of CPUs and the features could be stored too; since, setting them says 0 and does nothing.</summary>
    private int SetStatus(ulong attribute, uint value)
    {
        if (attribute > StatusState)
        {
            return Errno.InvalidArgument;
        }

        if (attribute == StatusState)
        {
            device.Extension.Status = value;
        }
        else if (device.Profile.EiointcStatusWritable)
        {
            ref var stored = ref attribute == StatusCpuCount ? ref device.CpuCount : ref device.Extension.Features;
            stored = value;
        }

        return Errno.Success;
    }

    private int Control(ulong attribute, uint value)
    {
        switch (attribute)
        {
            case ControlInitializeCpuCount when value > (uint)device.Profile.MaximumVcpus && !device.Profile.EiointcCpuCountUnchecked:
                return Errno.InvalidArgument;
            case ControlInitializeCpuCount:
                device.CpuCount = value;
                break;
            case ControlInitializeFeatures:
                device.Extension.Initialize(value);
                break;
            case ControlLoadFinished:
                device.FinishLoad(load);
                break;
        }

        return Errno.Success;
    }
}
