namespace Trapline.Machines.Costs;

/// <summary>Architectures by name, as <c>.arch</c> of a guest and <c>architecture</c> of a cost profile have them.</summary>
public static class Architectures
{
    public static IReadOnlyList<string> Names { get; } = ["loongarch", "arm"];

    /// <summary>The one of a name; LoongArch where none is given.</summary>
    public static Architecture Of(string? name) => name == NameOf(Architecture.Arm) ? Architecture.Arm : Architecture.LoongArch;

    public static string NameOf(Architecture architecture) => Names[(int)architecture];
}
