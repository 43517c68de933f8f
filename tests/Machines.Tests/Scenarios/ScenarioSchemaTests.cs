using System.Text.Json.Nodes;
using Trapline.Machines.Scenarios;
using Trapline.Machines.Yaml;
using Xunit;

namespace Trapline.Machines.Tests.Scenarios;

public sealed class ScenarioSchemaTests
{
    [Fact]
    public void The_published_schema_is_the_generated_one()
    {
        var published = Repository.PathOf("scenarios", ScenarioSchema.FileName);
        var fresh = Path.Combine(AppContext.BaseDirectory, ScenarioSchema.FileName);
        File.WriteAllText(fresh, ScenarioSchema.Generate());

        Assert.True(
            File.Exists(published) && File.ReadAllText(published) == ScenarioSchema.Generate(),
            $"{published} differs from the types; copy {fresh} over it.");
    }

    [Fact]
    public void Every_key_has_a_description_and_no_object_takes_unknown_keys()
    {
        var schema = JsonNode.Parse(ScenarioSchema.Generate())!.AsObject();
        var seen = 0;
        Check(schema);
        Assert.Equal(KeyShape.Keys(typeof(ScenarioFile)), schema["properties"]!.AsObject().Select(property => property.Key));
        Assert.True(seen >= 20);

        void Check(JsonObject node)
        {
            Assert.True(node.ContainsKey("additionalProperties"), node.ToJsonString());
            foreach (var (key, value) in node["properties"]!.AsObject())
            {
                seen++;
                Assert.True(value!["description"] is not null, key);
                if (value["properties"] is not null)
                {
                    Check(value.AsObject());
                }
            }
        }
    }

    [Fact]
    public void Closed_lists_and_bounds_are_in_the_schema()
    {
        var machine = JsonNode.Parse(ScenarioSchema.Generate())!["properties"]!["machine"]!["properties"]!;

        Assert.Equal("""["loongarch-virt","arm-virt"]""", machine["board"]!["enum"]!.ToJsonString());
        Assert.Equal("""["kvm","kvm-6.18","kvm-6.17","kvm-6.16","kvm-6.13","qemu-11","qemu-7.2"]""", machine["profile"]!["enum"]!.ToJsonString());
        Assert.Equal((1, 512), ((int)machine["vcpus"]!["minimum"]!, (int)machine["vcpus"]!["maximum"]!));
    }
}
