using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace Trapline.Cluster.Tests.Fabric;

/// <summary>A real process that is one node; ended with the test, however that ends.</summary>
internal sealed class PeerProcess : IDisposable
{
    private readonly Process _process;

    internal PeerProcess(int node, Uri url, int windows, int messages)
        : this($"{node}", $"{url}", $"{windows}", $"{messages}")
    {
    }

    /// <param name="arguments">As the program says.</param>
    internal PeerProcess(params string[] arguments)
        => _process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Trapline.PeerProcess.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Reads output up to a line that begins so; the line's rest.</summary>
    internal async Task<string> ReadToAsync(string beginning)
    {
        while (await _process.StandardOutput.ReadLineAsync(Cancellation).AsTask().WaitAsync(Lockstep.Patience, Cancellation) is { } line)
        {
            if (line.StartsWith(beginning, StringComparison.Ordinal))
            {
                return line[beginning.Length..].Trim();
            }
        }

        throw new InvalidOperationException($"The process ended without '{beginning}': {await _process.StandardError.ReadToEndAsync(Cancellation)}");
    }

    /// <summary>Waits for the end; exit code and what was written to the error stream.</summary>
    internal async Task<(int Code, string Errors)> EndAsync()
    {
        var errors = await _process.StandardError.ReadToEndAsync(Cancellation).WaitAsync(Lockstep.Patience, Cancellation);
        await _process.WaitForExitAsync(Cancellation).WaitAsync(Lockstep.Patience, Cancellation);
        return (_process.ExitCode, errors);
    }

    /// <summary>SIGKILL: no handler runs, the system alone closes its connections.</summary>
    internal void Kill() => _process.Kill();

    /// <summary>SIGSTOP: the connections stay, nothing answers.</summary>
    internal void Pause() => Assert.Equal(0, SendSignal(_process.Id, StopSignal));

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static int StopSignal => OperatingSystem.IsMacOS() ? 17 : 19;

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
