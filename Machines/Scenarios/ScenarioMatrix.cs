namespace Trapline.Machines.Scenarios;

/// <summary>Variants side by side: the product of the axes, the first one slowest.</summary>
public sealed record ScenarioMatrix(IReadOnlyList<MatrixAxis> Axes)
{
    public const int MaximumVariants = 1_000;
}
