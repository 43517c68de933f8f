using System.Text.Json.Serialization;

namespace Trapline.Machines.Results;

/// <summary>What one vCPU's time went on between a guest's marks <c>NAME.begin</c> and <c>NAME.end</c>.</summary>
/// <param name="Name">Of the section.</param>
/// <param name="Vcpu">Index.</param>
/// <param name="Passes">How often it was gone through.</param>
/// <param name="Operations">Sum of the values of its end marks: how many operations the guest says it did; 0 where it says nothing.</param>
/// <param name="Ns">Over all passes: the sum over <paramref name="Costs"/>.</param>
/// <param name="Costs">In the order of a cost profile; what has no price at the end.</param>
public sealed record SectionRow(string Name, int Vcpu, long Passes, ulong Operations, decimal Ns, IReadOnlyList<SectionCost> Costs)
{
    /// <summary>The machine whose vCPU it is; null where there is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Machine { get; init; }
}
