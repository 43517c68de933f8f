using Trapline.Devices.Common.Kvm;

namespace Trapline.Devices.Common.Transfer;

/// <summary>One value that is read out through KVM's interface on one side and set on the other; or a control step of one side.</summary>
/// <param name="Group">Which group it belongs to.</param>
/// <param name="Device">Whose file; none for a vCPU's.</param>
/// <param name="Vcpu">The vCPU, of a vCPU's file; else -1.</param>
/// <param name="AttributeGroup">Group of an attribute; 0 for registers.</param>
/// <param name="Attribute">Attribute, register id, or number of the general register.</param>
/// <param name="Bytes">Its width; 0 for a control step, which has no value.</param>
public readonly record struct StateItem(StateGroup Group, KvmDeviceType Device, int Vcpu, uint AttributeGroup, ulong Attribute, int Bytes)
{
    public StateStep Step { get; init; }

    /// <summary>What a <see cref="StateStep.Load"/> writes where that is not read out anywhere.</summary>
    public uint Given { get; init; }

    /// <summary>The source does nothing but pass it on.</summary>
    public bool IsLoad => Step == StateStep.Load;

    /// <summary>The source does it, and the destination is not told.</summary>
    public bool IsSave => Step == StateStep.Save;
}
