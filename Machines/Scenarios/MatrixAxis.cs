namespace Trapline.Machines.Scenarios;

/// <summary>One key of the matrix with the values that it takes, in order.</summary>
public sealed record MatrixAxis(string Name, IReadOnlyList<ParameterValue> Values)
{
    /// <summary>The axis that varies <c>machine.vcpus</c>, not a parameter of the guest.</summary>
    public const string Vcpus = "vcpus";
}
