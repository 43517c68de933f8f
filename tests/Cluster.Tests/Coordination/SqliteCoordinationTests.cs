using Microsoft.Data.Sqlite;
using Xunit;

namespace Trapline.Cluster.Tests.Coordination;

/// <summary>The contract on SQLite, and what is particular to a file.</summary>
[Trait("Runs", "Once")]
public sealed class SqliteCoordinationTests : CoordinationContract
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("trapline-coordination-");

    protected override string Url => $"sqlite:{File}";

    private string File => Path.Combine(_folder.FullName, "cluster.db");

    protected override void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _folder.Delete(recursive: true);
    }
}
