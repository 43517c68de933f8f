using Trapline.Host.Commands;
using Trapline.Machines.Scenarios.Faults;
using Xunit;

namespace Trapline.Host.Tests;

public sealed class ChildCommandTests
{
    private static readonly RunArguments Arguments = new() { File = "a.yaml", Threads = 2, Journal = "j", Out = "o", Json = true, Trace = new TraceTarget(true, null) };

    [Fact]
    public void The_program_starts_itself()
        => Assert.Equal(["/opt/trapline", "run", "a.yaml", "--threads", "2", "--quiet"], ChildCommand.For(Arguments, "/opt/trapline", "/opt/trapline.dll"));

    [Fact]
    public void Under_dotnet_it_starts_dotnet_with_its_dll()
        => Assert.Equal(["/usr/bin/dotnet", "/opt/trapline.dll", "run", "a.yaml", "--threads", "2", "--quiet"], ChildCommand.For(Arguments, "/usr/bin/dotnet", "/opt/trapline.dll"));

    [Fact]
    public void A_file_that_starts_with_a_dash_stays_a_file()
        => Assert.Equal("./-a.yaml", ChildCommand.For(Arguments with { File = "-a.yaml" }, "/opt/trapline", null)[2]);

    [Fact]
    public void What_both_nodes_must_agree_on_is_passed_on()
    {
        var fault = FaultText.Parse("delay IpiSend#2 *->ipi by 5us", out _)!;
        Assert.Equal(
            ["--no-invariants", "--fault", "delay IpiSend#2 *->ipi by 5us", "--quiet"],
            ChildCommand.For(Arguments with { Invariants = false, Faults = [fault] }, "/opt/trapline", null).TakeLast(4));
    }

    [Fact]
    public void Without_a_path_to_start_it_says_how_to_do_it_by_hand()
        => Assert.Equal(ExitCodes.Environment, Assert.Throws<CommandException>(() => ChildCommand.For(Arguments, null, null)).ExitCode);
}
