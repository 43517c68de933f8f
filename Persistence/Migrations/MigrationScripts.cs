using System.Globalization;

namespace Trapline.Persistence.Migrations;

/// <summary>The numbered scripts in this folder, which are compiled in. A script that was released never changes: what is wrong with it, the next one puts right.</summary>
internal static class MigrationScripts
{
    private const int Digits = 4;

    /// <param name="engine">Name of the folder: <c>Sqlite</c> or <c>PostgreSql</c>.</param>
    /// <returns>In their order.</returns>
    public static IReadOnlyList<Migration> Of(string engine)
    {
        var assembly = typeof(MigrationScripts).Assembly;
        var names = assembly.GetManifestResourceNames().Where(name => name.StartsWith(engine + "/", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        return [.. names.Select((name, index) => Read(name, index + 1))];

        Migration Read(string name, int version)
        {
            var number = int.Parse(name.AsSpan(engine.Length + 1, Digits), NumberStyles.None, CultureInfo.InvariantCulture);
            if (number != version)
            {
                throw new InvalidOperationException($"{name}.sql has number {number}, but it is the script that makes version {version}: number them without gaps.");
            }

            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return new(version, reader.ReadToEnd());
        }
    }
}
