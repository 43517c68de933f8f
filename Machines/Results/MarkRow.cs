using System.Text.Json.Serialization;

namespace Trapline.Machines.Results;

/// <summary>One <c>mark</c> of a guest. Of each name only the first ones are kept; a guest that wants their number uses <c>count</c>.</summary>
/// <param name="Name">As written in the guest.</param>
/// <param name="Vcpu">Index.</param>
/// <param name="Ns">When.</param>
/// <param name="Value">Its operand.</param>
public sealed record MarkRow(string Name, int Vcpu, decimal Ns, ulong Value)
{
    /// <summary>The machine whose vCPU it is; null where there is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Machine { get; init; }
}
