using Dapper;

namespace Trapline.Cluster.Coordination.Sql;

/// <summary>What people ask of runs.</summary>
internal abstract partial class SqlCoordination
{
    public long Request(long run, string request)
    {
        ArgumentNullException.ThrowIfNull(request);
        CoordinationChecks.Text("request", request);
        return Write(
            change =>
            {
                var (connection, transaction) = (change.Connection, change.Transaction);
                if (connection.ExecuteScalar<long>("SELECT count(*) FROM run WHERE id = @run", new { run }, transaction) == 0)
                {
                    throw NoRun(run);
                }

                var open = connection.ExecuteScalar<long>("SELECT count(*) FROM request WHERE run = @run AND answer IS NULL", new { run }, transaction);
                return open < CoordinationLimits.OpenRequests
                    ? connection.ExecuteScalar<long>("INSERT INTO request (run, request) VALUES (@run, @request) RETURNING id", new { run, request }, transaction)
                    : throw CoordinationChecks.Wrong($"{open} requests to run {run} wait for an answer, and more may not; does a node hold the run? 'trapline runs list' tells");
            },
            alone: true);
    }

    public IReadOnlyList<RunQuestion> Requests(long run) => Read<IReadOnlyList<RunQuestion>>(connection =>
        [.. connection.Query<RequestRow>("SELECT id, run, request, answer FROM request WHERE run = @run ORDER BY id", new { run }).Select(row => row.Question())]);

    public void Answer(long request, string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        CoordinationChecks.Text("answer", answer);
        Write(change => change.Connection.Execute("UPDATE request SET answer = @answer WHERE id = @request AND answer IS NULL", new { request, answer }, change.Transaction));
    }
}
