using System.CommandLine;
using Trapline.Cluster.Runs;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;
using Trapline.Machines.Scenarios;

namespace Trapline.Host.Commands;

/// <summary><c>validate FILE</c>: finds every error of a scenario, a guest or a cost profile without running anything.</summary>
internal static class ValidateCommand
{
    public static Command Create(HostConsole console, CommandServices services)
    {
        var file = ScenarioArgument.Create("Scenario (.yaml), guest (.guest) or cost profile (.yaml) to check", ".guest");
        file.Arity = ArgumentArity.ZeroOrOne;
        var vcpus = CommonOptions.Integer("--vcpus", $"For a guest: vCPUs of the machine that it is assembled for, 1 to {MachineSection.MaximumVcpus}. Default: {FileValidator.DefaultVcpus}", MachineSection.MinimumVcpus, MachineSection.MaximumVcpus);
        var schema = new Option<bool>("--schema") { Description = "Print the JSON schema of scenario files, from which editors complete. Default: check FILE" };
        var json = CommonOptions.Json();
        var command = new Command("validate", "Check a scenario, guest or cost profile without running it; print topology, paths and L.") { file, vcpus, schema, json };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(file);
            if (parsed.GetValue(schema))
            {
                if (path is not null)
                {
                    throw new CommandException(ExitCodes.Usage, "--schema prints the schema and checks nothing; leave FILE out");
                }

                console.Output.Write(ScenarioSchema.Generate());
                return ExitCodes.Done;
            }

            if (string.IsNullOrEmpty(path))
            {
                throw new CommandException(ExitCodes.Usage, "trapline validate needs FILE, or --schema");
            }

            return Validate(console, new(path, parsed.GetValue(vcpus), services), parsed.GetValue(json));
        });
        return command;
    }

    private static int Validate(HostConsole console, FileValidator validator, bool json)
    {
        var (report, failure) = validator.Validate();
        foreach (var error in report.Errors)
        {
            console.Error.WriteLine(error);
        }

        if (json)
        {
            console.Output.Write(ReportJson.Serialize(report));
        }
        else if (report.Valid)
        {
            new ValidationRenderer(console.Output, console.OutputTerminal).Write(report);
        }

        // Wrong input is wrong input, whatever noticed it; only a failing machine is something else.
        return report.Valid ? ExitCodes.Done : failure == RunFailure.Environment ? ExitCodes.Environment : ExitCodes.Usage;
    }
}
