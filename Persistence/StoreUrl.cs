using System.Text;
using Trapline.Machines.Text;

namespace Trapline.Persistence;

/// <summary>Where a store is. Messages never have more of it than <see cref="Place"/>.</summary>
internal sealed record StoreUrl
{
    private const string SqlitePrefix = "sqlite:";
    private const string SchemeEnd = "://";
    private const string Example = "it must be a path, sqlite:PATH or postgresql://user@host:port/database";

    private StoreUrl()
    {
    }

    public required string Place { get; init; }

    /// <summary>Of an SQLite file.</summary>
    public string? Path { get; private init; }

    /// <exception cref="CheckpointException">It is none.</exception>
    public static StoreUrl Parse(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (url.StartsWith(SqlitePrefix, StringComparison.OrdinalIgnoreCase))
        {
            return File(url[SqlitePrefix.Length..]);
        }

        if (url.Contains(SchemeEnd, StringComparison.Ordinal))
        {
            // Whatever it is, a password may be in it.
            var scheme = url[..url.IndexOf(SchemeEnd, StringComparison.Ordinal)];
            throw new CheckpointException(CheckpointFailure.Input, $"there is no store of the kind {Quoted.Show(scheme + SchemeEnd)}; {Example}");
        }

        return url.Contains("password=", StringComparison.OrdinalIgnoreCase)
            ? throw new CheckpointException(CheckpointFailure.Input, $"the store is named by a connection string; {Example}")
            : File(url);
    }

    private static StoreUrl File(string path)
        => path.Length == 0 || path.Contains('\0')
            ? throw new CheckpointException(CheckpointFailure.Input, $"the name of the store is empty; {Example}")
            : path == ":memory:" || path.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
                ? throw new CheckpointException(CheckpointFailure.Input, $"{Quoted.Show(path)} is no path of a store; {Example}")
                : new() { Place = Shown(path), Path = path };

    /// <summary>Whole and without quotes, since JSON has it too; but nothing that would disturb a terminal.</summary>
    internal static string Shown(string path) => string.Concat(path.EnumerateRunes().Select(rune => Rune.IsControl(rune) ? $"\\u{rune.Value:x4}" : rune.ToString()));
}
