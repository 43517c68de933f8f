using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Xunit;

namespace Trapline.Persistence.Tests.Stores;

/// <summary>A PostgreSQL server of the tests' own: in a folder that goes with it, on a Unix socket, nobody else's business.</summary>
public sealed class PostgresServer : IDisposable
{
    private const string User = "trapline";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static readonly string[] Unprivileged = Environment.UserName == "root" ? ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"] : [];
    private static readonly string? Programs = FindPrograms();

    private readonly Lock _start = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("trapline-pg-");
    private bool _made;

    /// <summary>Starts the server if it is not running; without PostgreSQL the test is skipped, in CI it fails.</summary>
    public void Require()
    {
        if (Programs is null)
        {
            const string Reason = "PostgreSQL is not installed: initdb and pg_ctl are neither in PATH nor in /usr/lib/postgresql/*/bin";
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", Reason);
            Assert.Skip(Reason);
        }

        lock (_start)
        {
            if (!_made)
            {
                Make();
                _made = true;
            }
        }
    }

    public string Url(string database) => $"postgresql://{User}@/{database}?host={_folder.FullName}";

    /// <summary>An empty database, whatever was in it before.</summary>
    public void Clear(string database)
    {
        Require();
        if (Query("postgres", $"SELECT count(*) FROM pg_database WHERE datname = '{database}'") == 0)
        {
            Query("postgres", $"CREATE DATABASE {database}");
        }
        else
        {
            Query(database, "DROP SCHEMA IF EXISTS trapline CASCADE");
        }
    }

    /// <summary>Runs SQL in the schema of the store.</summary>
    /// <returns>The first value, as a number.</returns>
    public long Query(string database, string sql)
    {
        using var connection = new NpgsqlConnection($"Host={_folder.FullName};Username={User};Database={database};Pooling=false;Search Path=trapline");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>As if the machine had lost its power: no shutdown, the log is replayed at the next start.</summary>
    public void Crash() => Control("stop", "--mode", "immediate");

    public void Start() => Control("start", "--log", Path.Combine(_folder.FullName, "log"), "--options", $"-c listen_addresses='' -k {_folder.FullName} -c max_connections=50");

    public void Dispose()
    {
        try
        {
            if (_made)
            {
                Crash();
            }
        }
        finally
        {
            _folder.Delete(recursive: true);
        }
    }

    private void Make()
    {
        if (Unprivileged.Length > 0 && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder.FullName, (UnixFileMode)0b111_111_111);
        }

        Run("initdb", "--pgdata", Data, "--username", User, "--auth", "trust", "--encoding", "UTF8", "--locale", "C");
        Start();
    }

    private string Data => Path.Combine(_folder.FullName, "data");

    private void Control(params string[] arguments) => Run("pg_ctl", [.. arguments, "--pgdata", Data, "--wait", "--silent"]);

    private static void Run(string program, params string[] arguments)
    {
        string[] command = [.. Unprivileged, Path.Combine(Programs!, program), .. arguments];
        // The server inherits what it is started with: a pipe would not end before it does.
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "exec \"$@\" > /dev/null 2>&1 < /dev/null", "sh", .. command]) { WorkingDirectory = "/" })!;
        Assert.True(process.WaitForExit(Limit), $"{program} has not ended within {Limit}");
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)} ended with exit code {process.ExitCode}");
    }

    private static string? FindPrograms()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        var debian = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin")) : [];
        return path.Concat(debian).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")));
    }
}
