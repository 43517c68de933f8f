using System.Text.Json.Serialization;

namespace Trapline.Machines.Boards;

/// <summary>Which paravirtual interface KVM offers the guest.</summary>
public enum Paravirtualization
{
    /// <summary>The one that Linux has now, with features that user space may restrict.</summary>
    [JsonStringEnumMemberName("final")]
    Final,

    /// <summary>That of the patch series, version 6, of 2 March 2024.</summary>
    [JsonStringEnumMemberName("v6")]
    V6,

    /// <summary>User space has switched the paravirtual IPI off.</summary>
    [JsonStringEnumMemberName("none")]
    None,
}
