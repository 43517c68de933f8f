using Trapline.Devices.Common.Kvm;

namespace Trapline.Devices.LoongArch.Transfer;

/// <summary>One value that is read out through KVM's interface on one side and set on the other; or a control step, which is only set.</summary>
/// <param name="Group">Which group it belongs to.</param>
/// <param name="Device">Whose file; none for a vCPU's.</param>
/// <param name="Vcpu">The vCPU, of a vCPU's file; else -1.</param>
/// <param name="AttributeGroup">Group of an attribute; 0 for registers.</param>
/// <param name="Attribute">Attribute, register id, or number of the general register.</param>
/// <param name="Bytes">Its width; 0 for a control step that has no value.</param>
public readonly record struct StateItem(StateGroup Group, KvmDeviceType Device, int Vcpu, uint AttributeGroup, ulong Attribute, int Bytes)
{
    /// <summary>Nothing is read out for it.</summary>
    public bool IsControl => Bytes == 0;
}
