using Trapline.Machines.Yaml;

namespace Trapline.Machines.Costs;

/// <summary>From a file to a checked profile. All errors are found in one pass; nothing of a file with errors is used.</summary>
public static class CostProfileLoader
{
    private const string What = "cost profile";

    public static CostProfileLoadResult Load(string path)
    {
        var errors = new ErrorList(path);
        var profile = TextFile.Read(path, What, errors) is { } text ? Read(text, errors) : null;
        return Result(profile, errors);
    }

    /// <summary>As <see cref="Load"/>, from a text; <paramref name="path"/> is for messages.</summary>
    public static CostProfileLoadResult Parse(string text, string path)
    {
        var errors = new ErrorList(path);
        return Result(Read(text, errors), errors);
    }

    private static CostProfileLoadResult Result(CostProfile? profile, ErrorList errors) => new(errors.Any ? null : profile, errors.InOrder());

    private static CostProfile? Read(string text, ErrorList errors)
    {
        var root = MappingReader.Open(
            YamlTree.Parse(text, What, errors), "",
            keys: ["name", "description", "architecture", "paths", "costs", "factors", "calibrate"],
            required: ["name", "description", "paths", "costs", "factors"], errors);
        return root is null ? null : new CostProfileReader(root).Read();
    }
}
