using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Trapline.Actors.Faults;
using Trapline.Actors.Migration;
using Trapline.Devices.Common.Profiles;
using Trapline.Devices.Common.Transfer;
using Trapline.Machines.Costs;
using Trapline.Machines.Quirks;
using Trapline.Machines.Scenarios.Expectations;
using Trapline.Machines.Scenarios.Faults;
using Trapline.Machines.Scenarios.Migrations;
using Trapline.Machines.Scenarios.Placements;
using Trapline.Messages;

namespace Trapline.Machines.Scenarios;

/// <summary>The JSON schema of scenario files, made from <see cref="ScenarioFile"/>. Editors complete and check with it.</summary>
public static class ScenarioSchema
{
    /// <summary>Its name beside the scenarios.</summary>
    public const string FileName = "scenario.schema.json";

    /// <summary>The first line of a scenario file, by which editors find the schema.</summary>
    public const string Modeline = "# yaml-language-server: $schema=" + FileName;

    private const string DurationPattern = @"^[0-9]+(\.[0-9]+)? ?(ps|ns|us|µs|ms|s)$";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        RespectNullableAnnotations = true,
        WriteIndented = true,
        // The file is for people too: quotes and comparison signs stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The text of the published file, with its last line break.</summary>
    public static string Generate()
    {
        var exported = JsonSchemaExporter.GetJsonSchemaAsNode(Options, typeof(ScenarioFile), new()
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = Transform,
        }).AsObject();

        var schema = new JsonObject { ["$schema"] = "http://json-schema.org/draft-07/schema#", ["title"] = "Trapline scenario" };
        foreach (var (key, value) in exported)
        {
            schema[key] = value?.DeepClone();
        }

        return schema.ToJsonString(Options).ReplaceLineEndings("\n") + "\n";
    }

    private static JsonObject Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        var schema = Special(Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type) ?? node.AsObject();

        // A key without a value is an error, so null is never a value.
        if (schema["type"] is JsonArray types && types.Any(IsNull))
        {
            types.Remove(types.First(IsNull));
            if (types.Count == 1)
            {
                schema["type"] = types[0]!.DeepClone();
            }
        }

        ICustomAttributeProvider? attributes = context.PropertyInfo is { } property ? property.AttributeProvider : context.TypeInfo.Type;
        if (attributes is not null)
        {
            Annotate(schema, attributes);
        }

        return schema;
    }

    private static bool IsNull(JsonNode? type) => type?.GetValue<string>() == "null";

    private static void Annotate(JsonObject schema, ICustomAttributeProvider attributes)
    {
        foreach (var attribute in attributes.GetCustomAttributes(inherit: false))
        {
            switch (attribute)
            {
                case DescriptionAttribute description:
                    schema.Insert(0, "description", description.Description);
                    break;
                case RangeAttribute range:
                    schema["minimum"] = JsonValue.Create((int)range.Minimum);
                    schema["maximum"] = JsonValue.Create((int)range.Maximum);
                    break;
                case RegularExpressionAttribute expression:
                    schema["pattern"] = expression.Pattern;
                    break;
                case DefaultValueAttribute value:
                    schema["default"] = JsonSerializer.SerializeToNode(value.Value);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Types whose form in the file is not their form in C#.</summary>
    private static JsonObject? Special(Type type)
    {
        if (type == typeof(VirtualTime))
        {
            return new() { ["type"] = "string", ["pattern"] = DurationPattern, ["examples"] = new JsonArray("25ns", "1.5us", "100ms") };
        }

        if (type == typeof(Percentage))
        {
            return new() { ["type"] = "string", ["pattern"] = Percentage.Pattern, ["examples"] = new JsonArray("5%", "0.25%") };
        }

        if (type == typeof(LinkRate))
        {
            return new() { ["type"] = "string", ["pattern"] = LinkRate.Pattern, ["examples"] = new JsonArray("10Gbit/s", "1.25GB/s") };
        }

        if (WordsOf(type) is { } words)
        {
            return new() { ["enum"] = Texts(words) };
        }

        if (type == typeof(ByteSize))
        {
            return new() { ["type"] = new JsonArray("integer", "string"), ["pattern"] = ByteSize.Pattern, ["minimum"] = 1, ["examples"] = new JsonArray("64MiB") };
        }

        if (type == typeof(ulong))
        {
            return new() { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = ulong.MaxValue };
        }

        if (type == typeof(IProfile))
        {
            return Words("profile");
        }

        if (type == typeof(QuirkSet))
        {
            return Quirks();
        }

        if (type == typeof(FaultKind))
        {
            return new() { ["enum"] = Texts(FaultRules.Kinds) };
        }

        if (type == typeof(MessageKind))
        {
            return new() { ["enum"] = Texts(FaultRules.Messages) };
        }

        if (type == typeof(ActorPattern))
        {
            return new() { ["type"] = "string", ["pattern"] = $@"^(\*|({string.Join('|', FaultRules.RoleNames)})[0-9]{{0,5}})$", ["default"] = ActorPattern.Anybody };
        }

        if (type == typeof(Expectation))
        {
            return new() { ["type"] = "string", ["maxLength"] = Expectation.LongestText };
        }

        if (type == typeof(IReadOnlyList<PlacementRule>))
        {
            return new()
            {
                ["type"] = "object",
                ["minProperties"] = 1,
                ["additionalProperties"] = new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = PlacementSection.MaximumNodes - 1 },
            };
        }

        if (type == typeof(IReadOnlyDictionary<string, ParameterValue>))
        {
            return new()
            {
                ["type"] = "object",
                ["propertyNames"] = new JsonObject { ["pattern"] = ParameterReader.NamePattern, ["not"] = new JsonObject { ["enum"] = Reserved() } },
                ["additionalProperties"] = Value(),
            };
        }

        return type == typeof(ScenarioMatrix) ? Matrix() : null;
    }

    /// <summary>Of enumerations whose words are not C# attributes.</summary>
    private static IReadOnlyList<string>? WordsOf(Type type)
        => type == typeof(Convergence) ? MigrationRules.Convergences
        : type == typeof(MigrationSide) ? MigrationRules.Sides
        : type == typeof(MigrationStep) ? MigrationRules.Steps
        : type == typeof(TransferFaultKind) ? MigrationRules.Faults
        : type == typeof(StateGroup) ? MigrationRules.Groups
        : null;

    private static JsonObject Matrix()
    {
        var properties = new JsonObject { [MatrixAxis.Vcpus] = Axis("Numbers of virtual CPUs.", Vcpus(), Numbered(Vcpus())) };
        foreach (var key in MachineChange.WordKeys)
        {
            properties[key] = Axis($"Values of machine.{key}.", Words(key));
        }

        return new()
        {
            ["type"] = "object",
            ["minProperties"] = 1,
            ["propertyNames"] = new JsonObject { ["pattern"] = ParameterReader.NamePattern },
            ["properties"] = properties,
            ["additionalProperties"] = Axis("Values of a parameter of the guest, or of several keys at once.", Value(), Numbered(Value()), Mapped()),
        };
    }

    private static JsonObject Vcpus() => new() { ["type"] = "integer", ["minimum"] = MachineSection.MinimumVcpus, ["maximum"] = MachineSection.MaximumVcpus };

    private static JsonObject Words(string key) => new() { ["enum"] = new JsonArray([.. MachineChange.WordsOf(key).Select(word => JsonValue.Create(word))]) };

    private static JsonObject Quirks() => new() { ["type"] = "array", ["uniqueItems"] = true, ["items"] = new JsonObject { ["enum"] = Texts(QuirkTable.Names) } };

    private static JsonObject Axis(string description, JsonObject value, params ReadOnlySpan<JsonObject> others)
    {
        var list = new JsonObject { ["type"] = "array", ["minItems"] = 1, ["uniqueItems"] = true, ["items"] = value };
        if (others.Length > 0)
        {
            return new() { ["description"] = description, ["oneOf"] = new JsonArray([list, .. others.ToArray()]) };
        }

        list.Insert(0, "description", description);
        return list;
    }

    private static JsonObject Numbered(JsonObject value) => Labelled("Words and the numbers that they stand for, such as {one-to-all: 0, all-to-all: 1}.", value);

    private static JsonObject Mapped()
    {
        var properties = new JsonObject { [MatrixAxis.Vcpus] = Vcpus() };
        foreach (var key in MachineChange.WordKeys)
        {
            properties[key] = Words(key);
        }

        properties[MachineChange.InterruptsKey] = Reference($"machine/properties/{MachineChange.InterruptsKey}");
        properties[MachineChange.QuirksKey] = Quirks();
        properties["costs"] = new JsonObject
        {
            ["type"] = "object",
            ["propertyNames"] = new JsonObject { ["enum"] = new JsonArray([.. CostNames.Costs.Select(name => JsonValue.Create(name))]) },
            ["additionalProperties"] = Special(typeof(VirtualTime)),
        };
        properties[LinkChange.Key] = Reference("machine/properties/link");
        properties[HostsSection.Key] = Reference("machine/properties/hosts");
        properties[MigrationReader.Key] = Reference(MigrationReader.Key);
        return Labelled(
            "Words and what each changes: keys of machine, parameters that guest.parameters has, costs, migrations.",
            new() { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = Value() });
    }

    private static JsonObject Reference(string property) => new() { ["$ref"] = $"#/properties/{property}" };

    private static JsonObject Labelled(string description, JsonObject value) => new()
    {
        ["description"] = description,
        ["type"] = "object",
        ["minProperties"] = 1,
        ["propertyNames"] = new JsonObject { ["pattern"] = ParameterReader.LabelPattern },
        ["additionalProperties"] = value,
    };

    private static JsonObject Value() => new() { ["type"] = new JsonArray("integer", "string"), ["pattern"] = DurationPattern };

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => JsonValue.Create(text))];

    private static JsonArray Reserved() => [.. ExpectationFunctions.Reserved.Select(name => JsonValue.Create(name))];
}
