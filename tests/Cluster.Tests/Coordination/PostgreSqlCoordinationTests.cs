using Trapline.Persistence.Tests.Stores;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Trapline.Cluster.Tests.Coordination;

/// <summary>The contract on PostgreSQL, and what is particular to a server.</summary>
[Trait("Runs", "Once")]
public sealed class PostgreSqlCoordinationTests(PostgresServer server) : CoordinationContract
{
    private const string Database = "coordination";
    private bool _cleared;

    protected override string Url
    {
        get
        {
            if (!_cleared)
            {
                server.Clear(Database);
                _cleared = true;
            }

            return server.Url(Database);
        }
    }

    protected override void Execute(string sql) => server.Query(Database, sql);
}
