using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Trapline.Machines.Yaml;

/// <summary>The keys that a mapping may have and those that it must have: the properties of the C# type that the schema is made from too.</summary>
public static class KeyShape
{
    public static IReadOnlyList<string> Keys(Type shape) => [.. Properties(shape).Select(Name)];

    public static IReadOnlyList<string> Required(Type shape)
        => [.. Properties(shape).Where(property => property.IsDefined(typeof(RequiredMemberAttribute))).Select(Name)];

    private static IEnumerable<PropertyInfo> Properties(Type shape)
        => shape.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).OrderBy(property => property.MetadataToken);

    private static string Name(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);
}
