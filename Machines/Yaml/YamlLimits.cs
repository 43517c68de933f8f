namespace Trapline.Machines.Yaml;

/// <summary>What a scenario or cost profile may be. Far above what people write, far below what hurts.</summary>
public static class YamlLimits
{
    public const int FileBytes = 1 << 20;
    public const int Depth = 32;
    public const int Nodes = 20_000;
}
