using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;

namespace Trapline.Devices.LoongArch.Ipi;

/// <summary>
/// The IPI units of a VM as user space sees them: the attributes of KVM's LoongArch IPI device
/// (KVM_SET_DEVICE_ATTR, KVM_GET_DEVICE_ATTR). Values are stored raw: setting STATUS raises no line, and an IPI sent
/// afterwards does not either, for it finds STATUS not 0.
/// </summary>
/// <param name="units">The unit of a vCPU number, or null where there is no such vCPU.</param>
public sealed class IpiUapi(Func<int, IpiUnit?> units) : IAttributes
{
    /// <summary>KVM_DEV_LOONGARCH_IPI_GRP_REGS.</summary>
    public const uint RegistersGroup = 0x40000001;

    /// <summary>Bytes that an attribute's user pointer must hold: 4 for registers, 8 for mailboxes; 0 for an unknown register.</summary>
    public static int WidthOf(ulong attribute) => RegisterOf(attribute) switch
    {
        IpiRegisters.Status or IpiRegisters.Enable or IpiRegisters.Set or IpiRegisters.Clear => sizeof(uint),
        0x20 or 0x28 or 0x30 or 0x38 => sizeof(ulong),
        _ => 0,
    };

    /// <inheritdoc/>
    int IAttributes.WidthOf(uint group, ulong attribute) => group == RegistersGroup ? WidthOf(attribute) : 0;

    /// <summary>The vCPU whose register an attribute names.</summary>
    public static int VcpuOf(ulong attribute) => (int)(attribute >> 16) & 0x3FF;

    /// <summary>Attribute of a register of a vCPU.</summary>
    public static ulong AttributeOf(int vcpu, int register) => ((ulong)(vcpu & 0x3FF) << 16) | (uint)(register & 0xFF);

    /// <returns>0, or <see cref="Errno.InvalidArgument"/> for an unknown group, vCPU or register; then nothing changed.</returns>
    public int SetAttribute(uint group, ulong attribute, ulong value)
    {
        var unit = Find(group, attribute);
        if (unit is null)
        {
            return Errno.InvalidArgument;
        }

        unit.WriteStored(RegisterOf(attribute), value);
        return Errno.Success;
    }

    /// <inheritdoc cref="SetAttribute"/>
    public int GetAttribute(uint group, ulong attribute, out ulong value)
    {
        var unit = Find(group, attribute);
        value = unit?.ReadStored(RegisterOf(attribute)) ?? 0;
        return unit is null ? Errno.InvalidArgument : Errno.Success;
    }

    private static int RegisterOf(ulong attribute) => (int)(attribute & 0xFF);

    private IpiUnit? Find(uint group, ulong attribute) =>
        group == RegistersGroup && WidthOf(attribute) != 0 ? units(VcpuOf(attribute)) : null;
}
