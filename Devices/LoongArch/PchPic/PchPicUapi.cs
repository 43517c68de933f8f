using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;

namespace Trapline.Devices.LoongArch.PchPic;

/// <summary>
/// PCH-PIC as user space sees it: the attributes of KVM's device (KVM_SET_DEVICE_ATTR, KVM_GET_DEVICE_ATTR). Values are
/// stored raw: no pin is driven, nothing is evaluated again.
/// </summary>
public sealed class PchPicUapi(PchPic pic) : IAttributes
{
    /// <summary>KVM_DEV_LOONGARCH_PCH_PIC_GRP_REGS: the attribute is the offset of the register, exactly.</summary>
    public const uint RegistersGroup = 0x40000005;

    /// <summary>KVM_DEV_LOONGARCH_PCH_PIC_GRP_CTRL.</summary>
    public const uint ControlGroup = 0x40000006;

    /// <summary>KVM_DEV_LOONGARCH_PCH_PIC_CTRL_INIT: the base address, from when on the guest can reach the device.</summary>
    public const ulong ControlInit = 0;

    /// <summary>
    /// Bytes that an attribute's user pointer must hold: 8 for registers, 1 for the tables; 0 for an unknown one. INT_ID
    /// and CLEAR are not accessible, nor are the upper words by themselves.
    /// </summary>
    public static int WidthOf(ulong attribute) => attribute switch
    {
        PchPicRegisters.IntMask or PchPicRegisters.HtmsiEnable or PchPicRegisters.Edge or PchPicRegisters.AutoControl0
            or PchPicRegisters.AutoControl1 or PchPicRegisters.IntIrr or PchPicRegisters.IntIsr or PchPicRegisters.Polarity => sizeof(ulong),
        >= PchPicRegisters.RouteEntry and < PchPicRegisters.RouteEntryEnd => 1,
        >= PchPicRegisters.HtmsiVector and < PchPicRegisters.HtmsiVectorEnd => 1,
        _ => 0,
    };

    /// <inheritdoc/>
    int IAttributes.WidthOf(uint group, ulong attribute) => group switch
    {
        RegistersGroup => WidthOf(attribute),
        ControlGroup when attribute == ControlInit => sizeof(ulong),
        _ => 0,
    };

    /// <returns>0, or <see cref="Errno.InvalidArgument"/> for an unknown group or register; then nothing changed.</returns>
    public int SetAttribute(uint group, ulong attribute, ulong value)
    {
        switch (group)
        {
            case RegistersGroup when WidthOf(attribute) != 0:
                pic.WriteStored((int)attribute, value);
                return Errno.Success;
            case ControlGroup when attribute == ControlInit:
                // Linux does not guard against a second call: the device moves.
                pic.Base = value;
                return Errno.Success;
            default:
                return Errno.InvalidArgument;
        }
    }

    /// <inheritdoc cref="SetAttribute"/>
    public int GetAttribute(uint group, ulong attribute, out ulong value)
    {
        var known = group == RegistersGroup && WidthOf(attribute) != 0;
        value = known ? pic.ReadStored((int)attribute) : 0;
        return known ? Errno.Success : Errno.InvalidArgument;
    }
}
