using System.Globalization;
using Npgsql;
using Trapline.Machines.Text;

namespace Trapline.Persistence.PostgreSql;

/// <summary>A PostgreSQL database as <c>libpq</c> names it: <c>postgresql://user:password@host:port/database?sslmode=require</c>.</summary>
/// <remarks>Not by <see cref="Uri"/>, which refuses an empty host; a Unix socket's folder is <c>?host=/run/postgresql</c>.</remarks>
internal sealed record PostgreSqlUrl
{
    private const int ConnectSeconds = 15;

    /// <summary>For one statement; the longest writes one chunk.</summary>
    private const int CommandSeconds = 120;

    private readonly NpgsqlConnectionStringBuilder _settings;

    private PostgreSqlUrl(NpgsqlConnectionStringBuilder settings) => _settings = settings;

    public string ConnectionString => _settings.ConnectionString;

    /// <summary>The URL without the password.</summary>
    public string Place
    {
        get
        {
            var user = string.IsNullOrEmpty(_settings.Username) ? "" : $"{Uri.EscapeDataString(_settings.Username)}@";
            var database = Uri.EscapeDataString(_settings.Database!);
            return IsSocket
                ? $"postgresql://{user}/{database}?host={_settings.Host}{(_settings.Port == NpgsqlConnection.DefaultPort ? "" : $"&port={_settings.Port}")}"
                : $"postgresql://{user}{(_settings.Host!.Contains(':') ? $"[{_settings.Host}]" : _settings.Host)}:{_settings.Port}/{database}";
        }
    }

    /// <summary>The same place for those who cannot wait long.</summary>
    /// <param name="connect">Seconds to connect.</param>
    /// <param name="command">Seconds for one statement.</param>
    public PostgreSqlUrl WithTimeouts(int connect, int command) => new(new NpgsqlConnectionStringBuilder(ConnectionString) { Timeout = connect, CommandTimeout = command });

    private bool IsSocket => _settings.Host!.StartsWith('/');

    /// <param name="text">What follows <c>postgresql://</c>.</param>
    /// <exception cref="CheckpointException">It is none. The message has nothing of user or password.</exception>
    public static PostgreSqlUrl Parse(string text)
    {
        // An "@" in a password should be written %40; where it is not, the last one ends it.
        var (address, query) = Cut(text, text.IndexOf('?', Math.Max(0, text.LastIndexOf('@'))));
        var (user, place) = address.LastIndexOf('@') is >= 0 and var at ? (address[..at], address[(at + 1)..]) : ("", address);
        var (server, database) = Cut(place, place.IndexOf('/'));
        if (database.Length == 0)
        {
            throw Wrong("the URL of the store names no database");
        }

        // A connection for each call: none is kept open for the hours of a run, and none of another process is inherited.
        var settings = new NpgsqlConnectionStringBuilder
        {
            Database = Uri.UnescapeDataString(database),
            ApplicationName = "trapline",
            Pooling = false,
            Timeout = ConnectSeconds,
            CommandTimeout = CommandSeconds,
        };
        SetUser(settings, user);
        SetServer(settings, server);
        foreach (var option in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Cut(option, option.IndexOf('='));
            SetOption(settings, name, Uri.UnescapeDataString(value));
        }

        return new(settings);
    }

    private static void SetUser(NpgsqlConnectionStringBuilder settings, string text)
    {
        var (user, password) = Cut(text, text.IndexOf(':'));
        if (user.Length > 0)
        {
            settings.Username = Uri.UnescapeDataString(user);
        }

        if (password.Length > 0)
        {
            settings.Password = Uri.UnescapeDataString(password);
        }
    }

    private static void SetServer(NpgsqlConnectionStringBuilder settings, string text)
    {
        // "[::1]:5432" has colons of its own.
        var (host, port) = Cut(text, text.IndexOf(':', Math.Max(0, text.IndexOf(']'))));
        settings.Host = host.Length == 0 ? "localhost" : Uri.UnescapeDataString(host.Trim('[', ']'));
        if (port.Length > 0)
        {
            SetPort(settings, port);
        }
    }

    private static void SetOption(NpgsqlConnectionStringBuilder settings, string name, string value)
    {
        switch (name)
        {
            case "host" when value.StartsWith('/'):
                settings.Host = value;
                break;
            case "port":
                SetPort(settings, value);
                break;
            case "sslmode" when Enum.TryParse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var mode) && !char.IsAsciiDigit(value[0]):
                settings.SslMode = mode;
                break;
            case "host" or "sslmode":
                throw Wrong($"{name} in the URL of the store is {Quoted.Show(value)}; host is the folder of a Unix socket, sslmode disable, allow, prefer, require, verify-ca or verify-full");
            default:
                throw Wrong($"the URL of the store has an option {Quoted.Show(name)}; there are host, port and sslmode");
        }
    }

    private static void SetPort(NpgsqlConnectionStringBuilder settings, string text)
        => settings.Port = ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? port
            : throw Wrong("the port in the URL of the store is not a number from 1 to 65535; special characters of a password are written as %40 for @, %2F for /, %3A for :");

    /// <summary>What is before and behind one character; all before it where it is not there.</summary>
    private static (string Before, string Behind) Cut(string text, int at) => at < 0 ? (text, "") : (text[..at], text[(at + 1)..]);

    private static CheckpointException Wrong(string problem) => new(CheckpointFailure.Input, $"{problem}; {StoreUrl.Example}");
}
