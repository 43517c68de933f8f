using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
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

    /// <summary>A replay looks every 65,536 events whether it should stop; only one that waits for a pipe takes longer than this.</summary>
    private static readonly TimeSpan PatienceAfterStop = TimeSpan.FromSeconds(1);

    public static Command Create(HostConsole console)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Recordings of LoongArch interrupt controllers or of GICv3 with ITS, compressed with gzip or not",
            HelpName = "FILE",
            Arity = ArgumentArity.OneOrMore,
        };
        var profile = new Option<string?>("--profile")
        {
            Description = $"Behaviour of the devices: {string.Join(", ", RecordingReplay.ProfileNames)}. Default: that of the recorded machine, from the file's head",
            HelpName = "NAME",
            CustomParser = result => ParseProfile(result.Tokens[0].Value, result.AddError),
        };
        profile.CompletionSources.Add(_ => RecordingReplay.ProfileNames.Select(each => new System.CommandLine.Completions.CompletionItem(each)));
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

    private static string ParseProfile(string name, Action<string> addError)
    {
        var names = RecordingReplay.ProfileNames;
        if (!names.Contains(name))
        {
            var nearest = NearestName.Find(name, names);
            addError($"--profile is {Quoted.Show(name)}; {(nearest is null ? "it" : $"did you mean {nearest}? It")} must be one of {string.Join(", ", names)}");
        }

        return name;
    }

    private static int Replay(HostConsole console, string[] paths, string? profile, int detailed, bool json)
    {
        using var stop = new CancellationTokenSource();
        using var signals = new InterruptSignals(stop.Cancel, "after the files that are done", console, decides: true);
        var watch = Stopwatch.StartNew();
        var (done, interrupted) = ReplayAll(console, paths, profile, detailed, stop.Token);
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

    /// <summary>The files that are done, and whether somebody stopped it before the last.</summary>
    private static (IReadOnlyList<ReplayFile> Done, bool Interrupted) ReplayAll(HostConsole console, string[] paths, string? profile, int detailed, CancellationToken stop)
    {
        var done = new ConcurrentQueue<ReplayFile>();
        using var progress = new FileProgress(console, paths.Length);

        // On a thread of its own: opening or reading a pipe that nobody writes cannot be given up from outside. It does not
        // keep the process alive.
        var work = Task.Factory.StartNew(
            () =>
            {
                foreach (var path in paths)
                {
                    progress.Show(path);
                    done.Enqueue(RecordingReplay.Run(path, profile, detailed, stop));
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        var ended = ((IAsyncResult)work).AsyncWaitHandle;
        if (WaitHandle.WaitAny([ended, stop.WaitHandle]) != 0)
        {
            ended.WaitOne(PatienceAfterStop);
        }

        if (work.IsFaulted && work.Exception.InnerException is { } failure and not OperationCanceledException)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return ([.. done], !work.IsCompletedSuccessfully);
    }
}
