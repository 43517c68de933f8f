namespace Trapline.Machines.Yaml;

public sealed record MappingEntry(ScalarNode Key, YamlNode Value);
