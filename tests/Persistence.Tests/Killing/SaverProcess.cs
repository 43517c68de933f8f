using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Trapline.Persistence.Tests.Killing;

/// <summary>A real process that saves and removes checkpoints until it is killed.</summary>
internal sealed class SaverProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    public SaverProcess(string store, int first, int bytes, int keep)
        : this("dotnet", [Program, store, $"{first}", $"{bytes}", $"{keep}"])
    {
    }

    private SaverProcess(string command, IEnumerable<string> arguments, params IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "Trapline.SaverProcess.dll");

    /// <summary>
    /// One whose files cannot grow over some blocks, of 512 or 1024 bytes as the shell has it: to the system calls that write it is as a disk that
    /// fails. The signal that comes with it must be ignored, and the runtime must not keep its code in a file.
    /// </summary>
    public static SaverProcess OfSmallFiles(int blocks, string store, int bytes, int keep) => new(
        "/bin/sh",
        ["-c", $"trap '' XFSZ; ulimit -f {blocks}; exec dotnet \"$@\"", "saver", Program, store, "1", $"{bytes}", $"{keep}"],
        ("DOTNET_EnableWriteXorExecute", "0"));

    /// <summary>Waits for its end; what it has written to standard error.</summary>
    public async Task<string> FailAsync(Account account)
    {
        await EndAsync(account);
        return await _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until it has the store open, or is at its first checkpoint after that many.</summary>
    public async Task ReadToAsync(string beginning, Account account)
    {
        while (await NextLineAsync() is { } line)
        {
            account.Take(line);
            if (line.StartsWith(beginning, StringComparison.Ordinal))
            {
                return;
            }
        }

        throw new InvalidOperationException($"The process ended without '{beginning}': {await _process.StandardError.ReadToEndAsync()}");
    }

    /// <summary>SIGKILL: no handler runs. What it had said until then is in the account.</summary>
    public async Task KillAsync(Account account)
    {
        _process.Kill();
        await EndAsync(account);
    }

    /// <summary>Waits for an end that somebody else has brought about.</summary>
    public async Task EndAsync(Account account)
    {
        while (await NextLineAsync() is { } line)
        {
            account.Take(line);
        }

        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task<string?> NextLineAsync() => await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);

    /// <summary>What the processes have said that they did; a line that was cut off was not said.</summary>
    public sealed class Account
    {
        private readonly Dictionary<string, int> _saved = new(StringComparer.Ordinal);
        private readonly HashSet<string> _deleting = new(StringComparer.Ordinal);

        /// <summary>The number of the next checkpoint that nobody has begun to save.</summary>
        public int Next { get; private set; }

        /// <summary>Those whose Save has returned and whose Delete was not begun, with their numbers.</summary>
        public IReadOnlyDictionary<string, int> MustBeThere => _saved.Where(saved => !_deleting.Contains(saved.Key)).ToDictionary(StringComparer.Ordinal);

        /// <summary>Whether the last save that was begun has not returned.</summary>
        public bool IsInterrupted => !_saved.ContainsValue(Next - 1);

        public HashSet<string> Deleted { get; } = new(StringComparer.Ordinal);

        public void Take(string line)
        {
            switch (line.Split(' '))
            {
                case ["saving", var number]:
                    Next = Math.Max(Next, Number(number) + 1);
                    break;
                case ["saved", var number, { Length: 16 } id]:
                    _saved[id] = Number(number);
                    break;
                case ["deleting", { Length: 16 } id]:
                    _deleting.Add(id);
                    break;
                case ["deleted", { Length: 16 } id]:
                    Deleted.Add(id);
                    break;
            }
        }

        private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }
}
