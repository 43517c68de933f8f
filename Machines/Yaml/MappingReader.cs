using Trapline.Machines.Text;
using Trapline.Messages;

namespace Trapline.Machines.Yaml;

/// <summary>
/// Takes typed values out of a mapping. Each getter reports what is wrong at the place where it stands and then
/// answers null, as it does for a key that is absent; so one pass finds all errors.
/// </summary>
public sealed class MappingReader
{
    private readonly string _path;

    private MappingReader(MappingNode node, string path, ErrorList errors)
    {
        Node = node;
        _path = path;
        Errors = errors;
    }

    public MappingNode Node { get; }

    public ErrorList Errors { get; }

    /// <summary>
    /// Checks that <paramref name="node"/> is a mapping with no key but <paramref name="keys"/> and all of
    /// <paramref name="required"/>.
    /// </summary>
    public static MappingReader? Open(
        YamlNode? node, string path, IReadOnlyList<string> keys, IReadOnlyList<string> required, ErrorList errors)
    {
        if (node is not MappingNode mapping)
        {
            if (node is not (null or RefusedNode))
            {
                errors.Add(node.Position, $"{Subject(path)} must be a mapping of keys to values, not {node.Kind}; its keys are {List(keys)}");
            }

            return null;
        }

        foreach (var entry in mapping.Entries)
        {
            var name = entry.Key.Text;
            if (!keys.Contains(name))
            {
                var remedy = NearestName.Find(name, keys) is { } nearest ? $"did you mean {Quoted.Show(nearest)}?" : $"allowed here: {List(keys)}";
                errors.Add(entry.Key.Position, $"unknown key {Quoted.Show(name)}{Inside(path)}; {remedy}");
            }
        }

        foreach (var name in required)
        {
            if (mapping.Find(name) is null)
            {
                errors.Add(mapping.Position, $"the key {Quoted.Show(name)} is missing{Inside(path)}; add it");
            }
        }

        return new(mapping, path, errors);
    }

    public static MappingReader? Open(YamlNode? node, string path, Type shape, ErrorList errors)
        => Open(node, path, KeyShape.Keys(shape), KeyShape.Required(shape), errors);

    /// <summary>The value of a key; null if the key is absent or, after an error, if it has no value.</summary>
    public YamlNode? Find(string key)
    {
        var value = Node.Find(key)?.Value;
        if (value is ScalarNode { IsNull: true })
        {
            Errors.Add(value.Position, $"{PathOf(key)} has no value; give one or remove the key");
            return null;
        }

        return value is RefusedNode ? null : value;
    }

    public MappingReader? Section(string key, Type shape) => Open(Find(key), PathOf(key), shape, Errors);

    public ScalarNode? Scalar(string key, string expected)
    {
        var value = Find(key);
        if (value is null or ScalarNode)
        {
            return value as ScalarNode;
        }

        Errors.Add(value.Position, $"{PathOf(key)} must be {expected}, not {value.Kind}");
        return null;
    }

    public string? Text(string key) => Scalar(key, "a text")?.Text;

    /// <summary>A whole number between the bounds, both included.</summary>
    public Int128? Integer(string key, Int128 least, Int128 greatest)
        => Scalar(key, "a whole number") is { } node ? ScalarReader.Integer(node, PathOf(key), least, greatest, Errors) : null;

    /// <summary>A time of at least <paramref name="least"/>.</summary>
    public VirtualTime? Duration(string key, VirtualTime least, string? because = null)
        => Scalar(key, "a duration such as 25ns") is { } node ? ScalarReader.Duration(node, PathOf(key), least, Errors, because) : null;

    /// <summary>One of a closed list of words.</summary>
    public string? Word(string key, IReadOnlyList<string> words)
    {
        if (Scalar(key, "one of " + List(words)) is not { } node)
        {
            return null;
        }

        if (words.Contains(node.Text))
        {
            return node.Text;
        }

        Errors.Add(node.Position, $"{PathOf(key)} must be one of {List(words)}, not {node.Kind}{Quoted.Suggest(node.Text, words)}");
        return null;
    }

    public string PathOf(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    private static string Inside(string path) => path.Length == 0 ? "" : $" in {path}";

    private static string Subject(string path) => path.Length == 0 ? "the file" : path;

    private static string List(IEnumerable<string> names) => string.Join(", ", names);
}
