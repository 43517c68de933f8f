namespace Trapline.Machines.Yaml;

/// <summary>Stands where something was refused with an error already: nothing more is said about it.</summary>
public sealed record RefusedNode(TextPosition Position) : YamlNode(Position)
{
    public override string Kind => "something that was refused";
}
