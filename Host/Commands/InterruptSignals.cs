using System.Runtime.InteropServices;
using Trapline.Host.Rendering;

namespace Trapline.Host.Commands;

/// <summary>
/// Ctrl-C and SIGTERM during a command: the first one stops it where results are kept; the second one ends the process at
/// once.
/// </summary>
internal sealed class InterruptSignals : IDisposable
{
    private readonly Action _stop;
    private readonly string _note;
    private readonly HostConsole _console;
    private readonly bool _decides;
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private int _received;

    /// <param name="stop">Asks the command to stop; called on any thread.</param>
    /// <param name="note">Where it will stop, for the person.</param>
    /// <param name="console">Where the person is told.</param>
    /// <param name="decides">False for a process that another one controls: Ctrl-C, which reaches both, is that one's matter.</param>
    public InterruptSignals(Action stop, string note, HostConsole console, bool decides)
    {
        _stop = stop;
        _note = note;
        _console = console;
        _decides = decides;
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
    }

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!_decides && context.Signal == PosixSignal.SIGINT)
        {
            return;
        }

        if (Interlocked.Increment(ref _received) > 1)
        {
            Environment.Exit(ExitCodes.Interrupted);
        }

        _stop();
        if (_decides)
        {
            if (_console.ErrorTerminal.IsTerminal)
            {
                // Behind the ^C and the progress line.
                _console.Error.WriteLine();
            }

            _console.WriteNote($"stopping {_note}; once more ends it at once, without results");
        }
    }
}
