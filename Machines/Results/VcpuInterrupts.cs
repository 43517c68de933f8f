using System.Text.Json.Serialization;

namespace Trapline.Machines.Results;

/// <summary>Interrupts of one vCPU.</summary>
/// <param name="Vcpu">Index.</param>
/// <param name="Lines">Name of the line (<c>IPI</c>, <c>TI</c>) to interrupts taken.</param>
/// <param name="Totals">The fate of its raises.</param>
public sealed record VcpuInterrupts(int Vcpu, IReadOnlyDictionary<string, long> Lines, InterruptTotals Totals)
{
    /// <summary>The machine whose vCPU it is; null where there is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Machine { get; init; }
}
