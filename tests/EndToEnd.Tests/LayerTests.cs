using System.Xml.Linq;
using Xunit;

namespace Trapline.EndToEnd.Tests;

/// <summary>A project refers only to those below it.</summary>
public sealed class LayerTests
{
    private static readonly string[] FromTheGround =
        ["Messages", "Devices", "Actors", "Machines", "Persistence", "Cluster", "Studies", "Host"];

    public static TheoryData<string> Projects =>
        [.. FromTheGround.Where(name => File.Exists(ProjectOf(name)))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_to_those_below_it(string name)
    {
        var below = FromTheGround.TakeWhile(other => other != name).ToArray();
        Assert.All(References(name), reference => Assert.Contains(reference, below));
    }

    [Fact]
    public void Devices_refer_to_Messages_alone()
    {
        Assert.Equal(["Messages"], References("Devices"));
        Assert.Empty(Packages("Devices"));
        Assert.Empty(Packages("Messages"));
    }

    [Fact]
    public void Every_project_at_the_root_is_a_layer()
    {
        var projects = Directory.EnumerateDirectories(Trapline.Root)
            .Select(folder => Path.GetFileName(folder))
            .Where(name => File.Exists(ProjectOf(name)) && name != "bench");
        Assert.All(projects, project => Assert.Contains(project, FromTheGround));
    }

    [Fact]
    public void Every_project_is_in_the_solution_so_that_its_tests_are_run()
    {
        var solution = File.ReadAllText(Path.Combine(Trapline.Root, "Simulation.sln"));
        var projects = Directory.EnumerateFiles(Trapline.Root, "*.csproj", SearchOption.AllDirectories).Select(file => Path.GetFileName(file));
        Assert.All(projects, project => Assert.Contains('\\' + project, solution, StringComparison.Ordinal));
    }

    private static string ProjectOf(string name) => Path.Combine(Trapline.Root, name, name + ".csproj");

    private static IEnumerable<string> References(string name) =>
        XDocument.Load(ProjectOf(name)).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

    private static IEnumerable<string> Packages(string name) =>
        XDocument.Load(ProjectOf(name)).Descendants("PackageReference").Select(package => package.Attribute("Include")!.Value);
}
