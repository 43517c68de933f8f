namespace Trapline.Machines.Yaml;

/// <summary>Keys in the order of the file; each occurs once.</summary>
public sealed record MappingNode(TextPosition Position, IReadOnlyList<MappingEntry> Entries) : YamlNode(Position)
{
    public override string Kind => "a mapping";

    public MappingEntry? Find(string key)
    {
        foreach (var entry in Entries)
        {
            if (entry.Key.Text == key)
            {
                return entry;
            }
        }

        return null;
    }
}
