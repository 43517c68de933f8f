namespace Trapline.Machines.Scenarios;

/// <summary>One key of the matrix with its choices, in order.</summary>
/// <param name="Name">A key of <c>machine</c>, a parameter of the guest, or any word where each choice is a mapping.</param>
/// <param name="IsText">Expectations compare the axis with the words of its choices; else it is a number.</param>
/// <param name="Choices">At least one.</param>
public sealed record MatrixAxis(string Name, bool IsText, IReadOnlyList<MatrixChoice> Choices)
{
    /// <summary>The axis that varies <c>machine.vcpus</c>, not a parameter of the guest.</summary>
    public const string Vcpus = "vcpus";
}
