namespace Trapline.Devices.Common.Kvm;

/// <summary>A message-signalled interrupt as struct kvm_msi has it, and a routing entry of type MSI.</summary>
/// <param name="Data">The data of the message: the vector (LoongArch), the EventID (ARM).</param>
/// <param name="Address">Where it is written to; LoongArch does not look at it.</param>
/// <param name="DeviceId">Of the sender, where <paramref name="Flags"/> has <see cref="ValidDeviceId"/>.</param>
/// <param name="Flags">0 or <see cref="ValidDeviceId"/>.</param>
public readonly record struct KvmMessage(uint Data, ulong Address = 0, uint DeviceId = 0, uint Flags = 0)
{
    /// <summary>KVM_MSI_VALID_DEVID.</summary>
    public const uint ValidDeviceId = 1;
}
