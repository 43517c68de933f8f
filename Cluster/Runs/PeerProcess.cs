using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Trapline.Cluster.Runs;

/// <summary>The process of the second node, started by the first; it does not outlive it.</summary>
internal sealed class PeerProcess : IDisposable
{
    /// <summary>After the run the other node has nothing left to do but to end.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);

    private const int KeptCharacters = 2000;

    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly Lock _ending = new();
    private Action? _ended;

    private PeerProcess(Process process)
    {
        _process = process;
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => TellEnd();
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    /// <summary>
    /// Called when it ends, also where it has ended already; whoever waits for it to join need not wait on. After it was
    /// set to null the former one is not called and does not run any more.
    /// </summary>
    public Action? Ended
    {
        get => _ended;
        set
        {
            lock (_ending)
            {
                _ended = value;
                if (_process.HasExited)
                {
                    value?.Invoke();
                }
            }
        }
    }

    /// <summary>Starts the command with this node's address added.</summary>
    /// <exception cref="RunException">It cannot be started.</exception>
    public static PeerProcess Start(IReadOnlyList<string> command, Uri listen)
    {
        if (command.Count == 0)
        {
            throw new RunException(RunFailure.Environment, "the program does not know how to start itself a second time: start both nodes by hand with --node, --listen and --peer");
        }

        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var argument in command.Skip(1).Concat(["--nodes", "2", "--node", "1", "--listen", "http://127.0.0.1:0", "--peer", listen.ToString()]))
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            return new PeerProcess(Process.Start(start) ?? throw new Win32Exception("no process was started"));
        }
        catch (Win32Exception failure)
        {
            throw new RunException(RunFailure.Environment, $"cannot start the second node ({command[0]}): {failure.Message}", failure);
        }
    }

    /// <summary>What it wrote to standard error last; empty if nothing.</summary>
    public string LastWords()
    {
        // It was lost or refused a moment ago: its last lines are on the way.
        _process.WaitForExit(TimeSpan.FromSeconds(1));
        lock (_said)
        {
            return _said.ToString().Trim();
        }
    }

    public void Dispose()
    {
        if (!_process.WaitForExit(EndPatience))
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private void TellEnd()
    {
        lock (_ending)
        {
            _ended?.Invoke();
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_said)
        {
            _said.AppendLine(line);
            if (_said.Length > KeptCharacters)
            {
                _said.Remove(0, _said.Length - KeptCharacters);
            }
        }
    }
}
