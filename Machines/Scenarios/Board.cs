using System.Text.Json.Serialization;

namespace Trapline.Machines.Scenarios;

/// <summary>Which devices a machine has and how they are wired.</summary>
public enum Board
{
    [JsonStringEnumMemberName("loongarch-virt")]
    LoongArchVirt,

    [JsonStringEnumMemberName("arm-virt")]
    ArmVirt,
}
