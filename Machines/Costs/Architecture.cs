using System.Text.Json.Serialization;

namespace Trapline.Machines.Costs;

/// <summary>Instruction set of a guest, and with it what there is that costs.</summary>
public enum Architecture
{
    [JsonStringEnumMemberName("loongarch")]
    LoongArch,

    [JsonStringEnumMemberName("arm")]
    Arm,
}
