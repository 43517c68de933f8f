using System.Text.Json.Serialization;

namespace Trapline.Machines.Boards;

/// <summary>Where the interrupt controllers of a virtual machine are.</summary>
public enum Irqchip
{
    /// <summary>In KVM, each behind a lock of its own.</summary>
    [JsonStringEnumMemberName("kernel")]
    Kernel,

    /// <summary>In the VMM, behind exits to user space and its one big lock.</summary>
    [JsonStringEnumMemberName("user")]
    User,
}
