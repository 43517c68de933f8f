namespace Trapline.Machines.Yaml;

/// <summary>A node of a file, with the place where it starts.</summary>
public abstract record YamlNode(TextPosition Position)
{
    /// <summary>For messages: what the author wrote here.</summary>
    public abstract string Kind { get; }
}
