using System.Text;
using Trapline.Machines.Text;
using Trapline.Persistence.PostgreSql;

namespace Trapline.Persistence;

/// <summary>Where a store is. Messages never have more of it than <see cref="Place"/>.</summary>
internal sealed record StoreUrl
{
    /// <summary>What a URL of a store must be, for messages.</summary>
    public const string Example = "it must be a path, sqlite:PATH or postgresql://user@host:port/database";

    private const string SqlitePrefix = "sqlite:";
    private const string SchemeEnd = "://";

    private StoreUrl()
    {
    }

    /// <summary>For people, without the password.</summary>
    public required string Place { get; init; }

    /// <summary>Of an SQLite file; null for a PostgreSQL database.</summary>
    public string? Path { get; private init; }

    public PostgreSqlUrl? PostgreSql { get; private init; }

    /// <exception cref="CheckpointException">It is none.</exception>
    public static StoreUrl Parse(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (url.StartsWith(SqlitePrefix, StringComparison.OrdinalIgnoreCase))
        {
            return File(url[SqlitePrefix.Length..]);
        }

        if (url.Split(SchemeEnd, 2) is [var scheme, var rest])
        {
            // Of what is no URL of a store nothing but its scheme is shown: whatever it is, a password may be in it.
            return scheme.ToLowerInvariant() is "postgresql" or "postgres"
                ? Database(PostgreSqlUrl.Parse(rest))
                : throw Wrong($"there is no store of the kind {Quoted.Show(scheme + SchemeEnd)}");
        }

        return url.Contains("password=", StringComparison.OrdinalIgnoreCase) ? throw Wrong("the store is named by a connection string") : File(url);
    }

    /// <summary>A path whole and without quotes, since JSON has it too; but nothing that would disturb a terminal.</summary>
    public static string Shown(string path) => string.Concat(path.EnumerateRunes().Select(rune => Rune.IsControl(rune) ? $"\\u{rune.Value:x4}" : rune.ToString()));

    private static StoreUrl Database(PostgreSqlUrl url) => new() { Place = Shown(url.Place), PostgreSql = url };

    private static StoreUrl File(string path)
    {
        if (path.Length == 0 || path.Contains('\0'))
        {
            throw Wrong("the name of the store is empty");
        }

        // SQLite's own special names, which are no files.
        return path == ":memory:" || path.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
            ? throw Wrong($"{Quoted.Show(path)} is no path of a store")
            : new() { Place = Shown(path), Path = path };
    }

    private static CheckpointException Wrong(string problem) => new(CheckpointFailure.Input, $"{problem}; {Example}");
}
