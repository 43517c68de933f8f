using Trapline.Machines.Scenarios;
using Trapline.Machines.Yaml;
using Xunit;

namespace Trapline.Machines.Tests.Scenarios;

/// <summary>A folder with a guest, a cost profile and a scenario to change.</summary>
internal sealed class ScenarioFolder : IDisposable
{
    /// <summary>Line 1 is the head; lines are counted by the tests of errors.</summary>
    public const string Valid = """
        # yaml-language-server: $schema=scenario.schema.json
        name: ipi-multicast
        description: One vCPU sends to all others.
        seed: 7
        machine:
          board: loongarch-virt
          vcpus: 4
          profile: kvm
        guest:
          file: ipi.guest
          parameters:
            rounds: 1000
            gap: 10us
        costs: 3c5000
        length:
          until: 100ms
          smoke: 500us
        limits:
          memory: 64MiB
        matrix:
          vcpus: [2, 256]
          pattern: {one-to-all: 0, all-to-all: 1}
        expect:
          - exits("ipi_write IPI_SEND") == (vcpus - 1) * rounds
          - endReason == "exit"

        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("trapline-scenarios-");

    public ScenarioFolder()
    {
        Directory.CreateDirectory(PathOf("costs"));
        File.Copy(Repository.PathOf("scenarios", "costs", "3c5000.yaml"), PathOf("costs", "3c5000.yaml"));
        File.WriteAllText(PathOf("ipi.guest"), "");
    }

    public string ScenarioPath => PathOf("ipi.yaml");

    public string PathOf(params string[] parts) => Path.Combine([_folder.FullName, .. parts]);

    public ScenarioLoadResult Load(string text, ScenarioOverrides? overrides = null)
    {
        File.WriteAllText(ScenarioPath, text);
        return ScenarioLoader.Load(ScenarioPath, overrides);
    }

    public Scenario LoadValid(string text, ScenarioOverrides? overrides = null)
    {
        var result = Load(text, overrides);
        Assert.Empty(result.Errors);
        return Assert.IsType<Scenario>(result.Scenario);
    }

    /// <summary>The errors as <c>line:column: error: text</c>.</summary>
    public string[] Errors(string text)
    {
        var result = Load(text);
        Assert.Null(result.Scenario);
        Assert.NotEmpty(result.Errors);
        return [.. result.Errors.Select(Short)];
    }

    public string Short(FileError error) => error.ToString().Replace(_folder.FullName + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)
        .Replace("ipi.yaml:", "", StringComparison.Ordinal);

    public void Dispose() => _folder.Delete(recursive: true);
}
