using System.CommandLine;
using Trapline.Host.Doctor;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;

namespace Trapline.Host.Commands;

/// <summary><c>doctor</c>: is this machine ready, and what to do if not.</summary>
internal static class DoctorCommand
{
    private const int NameWidth = 14;
    private const int StatusWidth = 8;

    public static Command Create(HostConsole console)
    {
        var json = CommonOptions.Json();
        var command = new Command("doctor", "Find out whether this machine is ready, and what is missing.") { json };
        command.SetAction(parsed =>
        {
            var report = new MachineChecks(console.OutputTerminal).Run();
            if (parsed.GetValue(json))
            {
                console.Output.Write(ReportJson.Serialize(report));
            }
            else
            {
                Write(console, report);
            }

            return report.Ready ? ExitCodes.Done : ExitCodes.Environment;
        });
        return command;
    }

    private static void Write(HostConsole console, DoctorReport report)
    {
        var terminal = console.OutputTerminal;
        foreach (var check in report.Checks)
        {
            var status = check.Status switch
            {
                CheckStatus.Ok => terminal.Good("ok".PadRight(StatusWidth)),
                CheckStatus.Warning => terminal.Strong("warning".PadRight(StatusWidth)),
                _ => terminal.Bad("FAILED".PadRight(StatusWidth)),
            };
            console.Output.WriteLine($"{status} {check.Name.PadRight(NameWidth)} {check.Found}");
            if (check.Remedy is not null)
            {
                console.Output.WriteLine($"{new string(' ', StatusWidth)} {new string(' ', NameWidth)} -> {check.Remedy}");
            }
        }
    }
}
