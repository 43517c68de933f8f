using System.Text.Json.Serialization;

namespace Trapline.Machines.Boards;

/// <summary>What is between the guest and the hardware.</summary>
public enum Hypervisor
{
    /// <summary>Linux KVM: accesses to interrupt controllers and idling leave the guest.</summary>
    [JsonStringEnumMemberName("kvm")]
    Kvm,

    /// <summary>Nothing, bare metal: no access traps, lines reach their CPU without a kick.</summary>
    [JsonStringEnumMemberName("none")]
    None,
}
