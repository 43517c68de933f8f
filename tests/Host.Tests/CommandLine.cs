using Trapline.Cluster.Runs;
using Trapline.Host.Commands;
using Trapline.Host.Rendering;
using Trapline.Machines.Results;
using Xunit;

namespace Trapline.Host.Tests;

/// <summary>Runs a command line inside the test, with the work replaced.</summary>
internal sealed class CommandLine : IDisposable
{
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public Func<RunRequest, RunControl, RunReport> Work { get; init; } = (_, _) => throw new InvalidOperationException("this test runs nothing");

    public TextWriter? Out { get; init; }

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    public int Run(params string[] args)
        => CommandRunner.Run(args, new(Out ?? _output, _error, Terminal.None, Terminal.None), CommandServices.Real with { Run = Work, RunForSeeds = request => (seed, control) => Work(request with { Scenario = request.Scenario with { Seed = seed } }, control) });

    /// <summary>Writes a valid scenario into the folder and answers its path.</summary>
    public static string Scenario(TestFolder folder)
    {
        Assert.Equal(0, new CommandLine().Run("new", "scenario", "first", "--dir", folder.Root));
        return folder.PathOf("first.yaml");
    }
}
