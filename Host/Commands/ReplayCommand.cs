using System.CommandLine;
using System.Diagnostics;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;
using Trapline.Machines.Replay;
using Trapline.Machines.Text;

namespace Trapline.Host.Commands;

/// <summary><c>replay FILE...</c>: drives the devices with what real guests did and compares every answer.</summary>
internal static class ReplayCommand
{
    /// <summary>More than a person would read of one file.</summary>
    private const int MostDetailed = 1_000;

    public static Command Create(HostConsole console)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Recordings of LoongArch interrupt controllers, compressed with gzip or not",
            HelpName = "FILE",
            Arity = ArgumentArity.OneOrMore,
        };
        var profile = new Option<LoongArchProfile?>("--profile")
        {
            Description = $"Behaviour of the devices: {string.Join(", ", LoongArchProfiles.All.Select(each => each.Name))}. Default: that of the recorded machine, from the file's head",
            HelpName = "NAME",
            CustomParser = result => ParseProfile(result.Tokens[0].Value, result.AddError),
        };
        profile.CompletionSources.Add(_ => LoongArchProfiles.All.Select(each => new System.CommandLine.Completions.CompletionItem(each.Name)));
        var detailed = CommonOptions.Integer("--mismatches", $"Mismatches of a file that are described, 0 to {MostDetailed}; all are counted. Default: {RecordingReplay.DefaultDetailed}", 0, MostDetailed);
        var json = CommonOptions.Json();
        var command = new Command("replay", "Drive the controllers with what a real guest did; compare every answer.") { files, profile, detailed, json };
        command.SetAction(parsed => Replay(
            console,
            parsed.GetValue(files)!,
            parsed.GetValue(profile),
            parsed.GetValue(detailed) ?? RecordingReplay.DefaultDetailed,
            parsed.GetValue(json)));
        return command;
    }

    private static LoongArchProfile? ParseProfile(string name, Action<string> addError)
    {
        var profile = LoongArchProfiles.Find(name);
        if (profile is null)
        {
            var names = LoongArchProfiles.All.Select(each => each.Name).ToList();
            var nearest = NearestName.Find(name, names);
            addError($"--profile is {Quoted.Show(name)}; {(nearest is null ? "" : $"did you mean {nearest}? ")}It must be one of {string.Join(", ", names)}");
        }

        return profile;
    }

    private static int Replay(HostConsole console, string[] paths, LoongArchProfile? profile, int detailed, bool json)
    {
        using var stop = new CancellationTokenSource();
        using var signals = new InterruptSignals(stop.Cancel, "after the files that are done", console, decides: true);
        var done = new List<ReplayFile>();
        var watch = Stopwatch.StartNew();
        var interrupted = !TryReplayAll(console, paths, profile, detailed, done, stop.Token);
        var report = new ReplayReport(done);
        if (json)
        {
            console.Output.Write(ReportJson.Serialize(report));
        }
        else
        {
            new ReplayRenderer(console.Output, console.OutputTerminal).Write(report, watch.Elapsed);
        }

        console.Output.Flush();
        foreach (var file in done.Where(file => file.Error is not null))
        {
            console.Error.WriteLine(file.Error);
        }

        if (interrupted)
        {
            console.WriteNote($"interrupted: {done.Count} of {paths.Length} files are done");
            return ExitCodes.Interrupted;
        }

        return done.Any(file => file.Error is not null) ? ExitCodes.Usage
            : done.Any(file => file.Mismatches > 0) ? ExitCodes.Failed
            : ExitCodes.Done;
    }

    /// <summary>False if somebody stopped it; the files before are in the list.</summary>
    private static bool TryReplayAll(HostConsole console, string[] paths, LoongArchProfile? profile, int detailed, List<ReplayFile> done, CancellationToken stop)
    {
        try
        {
            using var progress = new FileProgress(console, paths.Length);
            foreach (var path in paths)
            {
                progress.Show(path);
                done.Add(RecordingReplay.Run(path, profile, detailed, stop));
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
