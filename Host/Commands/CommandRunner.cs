using System.CommandLine;
using System.CommandLine.Invocation;
using Trapline.Cluster.Coordination;
using Trapline.Cluster.Fabric;
using Trapline.Cluster.Runs;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;
using Trapline.Persistence;

namespace Trapline.Host.Commands;

/// <summary>From the words of a command line to an exit code. No exception leaves it.</summary>
internal static class CommandRunner
{
    private const string DebugVariable = "TRAPLINE_DEBUG";

    /// <summary>As <see cref="Run"/>, for the process: exceptions of other threads end it with the same message and code.</summary>
    public static int RunProcess(string[] args, HostConsole console)
    {
        AppDomain.CurrentDomain.UnhandledException += (_, failure) =>
        {
            WriteInternalError(console, failure.ExceptionObject as Exception);
            Environment.Exit(ExitCodes.Environment);
        };
        return Run(args, console, CommandServices.Real);
    }

    public static int Run(IReadOnlyList<string> args, HostConsole console, CommandServices services)
    {
        try
        {
            var code = Invoke(args, console, services);
            console.Output.Flush();
            return code;
        }
        catch (CommandException failure)
        {
            TryFlush(console);
            WriteMessage(console, failure.Message);
            return failure.ExitCode;
        }
        catch (RunException failure)
        {
            TryFlush(console);
            WriteMessage(console, failure.Message);
            WriteTrace(console, failure);
            return ExitCodeOf(failure.Failure);
        }
        catch (CheckpointException failure)
        {
            TryFlush(console);
            WriteMessage(console, failure.Message);
            WriteTrace(console, failure);
            return ExitCodeOf(failure.Failure);
        }
        catch (CoordinationException failure)
        {
            TryFlush(console);
            WriteMessage(console, failure.Message);
            WriteTrace(console, failure);
            return failure.Failure is CoordinationFailure.Usage or CoordinationFailure.NameTaken or CoordinationFailure.Foreign ? ExitCodes.Usage : ExitCodes.Environment;
        }
        catch (FabricException failure)
        {
            TryFlush(console);
            WriteMessage(console, failure.Message);
            WriteTrace(console, failure);
            return failure.Failure is FabricFailure.Usage ? ExitCodes.Usage : ExitCodes.Environment;
        }
        catch (OperationCanceledException)
        {
            TryFlush(console);
            console.WriteNote("interrupted before there were results");
            return ExitCodes.Interrupted;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Files have their own handlers: what is left is stdout, on a full disk or closed by the caller. A closed pipe is no
            // error in .NET.
            console.WriteError($"the output could not be written: {DiskFailure.Reason(failure)}");
            WriteTrace(console, failure);
            return ExitCodes.Environment;
        }
        catch (OutOfMemoryException failure)
        {
            console.WriteError("this machine has too little memory for it; 'limits' in the scenario bounds what a run may use");
            WriteTrace(console, failure);
            return ExitCodes.Environment;
        }
#pragma warning disable CA1031 // The last line of defence: a user gets one line, never a stack trace.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            TryFlush(console);
            WriteInternalError(console, failure);
            return ExitCodes.Environment;
        }
    }

    public static int ExitCodeOf(RunFailure failure) => failure switch
    {
        RunFailure.Input => ExitCodes.Usage,
        RunFailure.Simulation => ExitCodes.Failed,
        _ => ExitCodes.Environment,
    };

    public static int ExitCodeOf(CheckpointFailure failure) => failure == CheckpointFailure.Input ? ExitCodes.Usage : ExitCodes.Environment;

    private static int Invoke(IReadOnlyList<string> args, HostConsole console, CommandServices services)
    {
        // "@file" is no response file here: a scenario may be called so.
        var parsed = TraplineCommand.Create(console, services).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            UsageErrors.Write(parsed, console);
            return ExitCodes.Usage;
        }

        return parsed.Invoke(new InvocationConfiguration
        {
            Output = console.Output,
            Error = console.Error,
            EnableDefaultExceptionHandler = false,
            // Signals are the run's own matter.
            ProcessTerminationTimeout = null,
        });
    }

    /// <summary>A message that is a list of errors in files stays as editors read it.</summary>
    private static void WriteMessage(HostConsole console, string message)
    {
        if (message.Contains(": error: ", StringComparison.Ordinal))
        {
            console.Error.WriteLine(message);
        }
        else
        {
            console.WriteError(message);
        }
    }

    private static void WriteInternalError(HostConsole console, Exception? failure)
    {
        var message = failure is null ? "unknown" : $"{failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}";
        console.Error.WriteLine($"trapline: internal error: {message}; please report it, with the output of the same command under {DebugVariable}=1");
        WriteTrace(console, failure);
    }

    private static void WriteTrace(HostConsole console, Exception? failure)
    {
        if (failure is not null && Environment.GetEnvironmentVariable(DebugVariable) == "1")
        {
            console.Error.WriteLine(failure);
        }
    }

    private static void TryFlush(HostConsole console)
    {
        try
        {
            console.Output.Flush();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The message that follows matters more than the results that cannot be written.
        }
    }
}
