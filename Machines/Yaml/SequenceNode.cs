namespace Trapline.Machines.Yaml;

public sealed record SequenceNode(TextPosition Position, IReadOnlyList<YamlNode> Items) : YamlNode(Position)
{
    public override string Kind => "a list";
}
