using System.Text.Json.Serialization;

namespace Trapline.Machines.Boards;

/// <summary>Whether what the VMM does excludes one another, as QEMU's big lock makes it.</summary>
public enum BigLock
{
    /// <summary>One thread at a time is in the VMM's devices.</summary>
    [JsonStringEnumMemberName("on")]
    On,

    /// <summary>Nobody waits: for comparison with figures that leave waiting out.</summary>
    [JsonStringEnumMemberName("off")]
    Off,
}
