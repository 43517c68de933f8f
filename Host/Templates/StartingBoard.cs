namespace Trapline.Host.Templates;

/// <summary>What a starting point for a machine is made of, by the names of resources.</summary>
/// <param name="Name">Of the board, as scenarios have it.</param>
/// <param name="Scenario">The scenario, with a placeholder for its name.</param>
/// <param name="Guest">Its guest.</param>
/// <param name="CostProfile">What it costs, by the name of its file too.</param>
internal sealed record StartingBoard(string Name, string Scenario, string Guest, string CostProfile)
{
    /// <summary>All, the default first.</summary>
    public static IReadOnlyList<StartingBoard> All { get; } =
    [
        new("loongarch-virt", "scenario.yaml", "pingpong.guest", "3c5000.yaml"),
        new("arm-virt", "scenario-arm.yaml", "pingpong-arm.guest", "ampere-altra.yaml"),
    ];
}
