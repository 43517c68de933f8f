using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;

namespace Trapline.Cluster.Chaos;

/// <summary>One node of a local cluster: a process that can be killed, stopped and started again under its name, behind its own proxy.</summary>
internal sealed class LocalNode : IDisposable
{
    private const int MostLines = 2000;
    private const int LinuxStop = 19, LinuxContinue = 18, MacStop = 17, MacContinue = 19;

    private readonly LocalClusterSettings _settings;
    private readonly CuttingProxy _proxy;
    private readonly Lock _lock = new();
    private readonly Queue<string> _log = new();
    private readonly string _cluster;
    private Process? _process;
    private IPEndPoint? _listens;

    public LocalNode(string name, string cluster, LocalClusterSettings settings, LinkCuts cuts)
    {
        Name = name;
        _cluster = cluster;
        _settings = settings;
        _proxy = new CuttingProxy(name, cuts, () => Volatile.Read(ref _listens));
    }

    public string Name { get; }

    public bool Runs => _process is { HasExited: false };

    /// <summary>The last lines that it said, all its processes together.</summary>
    public IReadOnlyList<string> Log
    {
        get
        {
            lock (_lock)
            {
                return [.. _log];
            }
        }
    }

    public void Start()
    {
        _process?.Dispose();
        Volatile.Write(ref _listens, null);
        string[] arguments =
        [
            .. _settings.Command.Skip(1), "node", "--cluster", _cluster, "--name", Name, "--state", Path.Combine(_settings.Folder, Name), "--advertise", _proxy.Url.ToString(),
            "--lease", Milliseconds(_settings.Lease), "--stall", Milliseconds(_settings.Stall), "--pause-after", Milliseconds(_settings.PauseAfter),
        ];
        var start = new ProcessStartInfo(_settings.Command[0], arguments) { RedirectStandardError = true };
        foreach (var (name, value) in _settings.Environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException($"{_settings.Command[0]} does not start");
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginErrorReadLine();
    }

    /// <summary>No handler runs; the system alone closes its connections.</summary>
    public void Kill()
    {
        if (Runs)
        {
            _process!.Kill();
            _process.WaitForExit();
        }
    }

    /// <summary>As Ctrl-C has it: the node leaves.</summary>
    public void Interrupt() => Signal(2);

    /// <summary>Its connections stay, and nothing answers.</summary>
    public void Pause() => Signal(OperatingSystem.IsMacOS() ? MacStop : LinuxStop);

    public void Continue() => Signal(OperatingSystem.IsMacOS() ? MacContinue : LinuxContinue);

    public void Dispose()
    {
        Kill();
        _process?.Dispose();
        _proxy.Dispose();
    }

    private void Signal(int signal)
    {
        if (Runs && SendSignal(_process!.Id, signal) != 0)
        {
            throw new InvalidOperationException($"signal {signal} cannot be sent to node {Name}, process {_process.Id}");
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        const string Listens = " listens at ";
        if (line.IndexOf(Listens, StringComparison.Ordinal) is var at && at >= 0)
        {
            var url = new Uri(line[(at + Listens.Length)..].Split(' ')[0]);
            Volatile.Write(ref _listens, new IPEndPoint(IPAddress.Parse(url.Host), url.Port));
        }

        lock (_lock)
        {
            _log.Enqueue($"{Name}: {line}");
            while (_log.Count > MostLines)
            {
                _log.Dequeue();
            }
        }
    }

    private static string Milliseconds(TimeSpan time) => $"{(long)time.TotalMilliseconds}ms";

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
