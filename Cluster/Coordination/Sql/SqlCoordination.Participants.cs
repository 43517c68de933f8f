using Dapper;

namespace Trapline.Cluster.Coordination.Sql;

/// <summary>What participants say of their attempts, and what they leave.</summary>
internal abstract partial class SqlCoordination
{
    public int Report(IReadOnlyList<ParticipantReport> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        foreach (var report in reports)
        {
            CoordinationChecks.Text("report", report.Content);
        }

        return Write(change => reports.Sum(report => change.Connection.Execute(
            $"INSERT INTO report (run, job, attempt, member, content, said_at_ms) SELECT run, job, attempt, @Member, @Content, {ClockSql} FROM attempt {CurrentAttemptSql} "
            + "ON CONFLICT (run, job, attempt, member) DO UPDATE SET content = excluded.content, said_at_ms = excluded.said_at_ms",
            new { report.Run, report.Job, report.Attempt, report.Member, report.Content }, change.Transaction)));
    }

    public IReadOnlyList<ParticipantReport> Reports(long run) => Read<IReadOnlyList<ParticipantReport>>(connection =>
        [.. connection.Query<ReportRow>(
            $"SELECT run, job, attempt, member, content, {ClockSql} - said_at_ms AS agems FROM report WHERE run = @run "
            + "AND attempt = (SELECT attempt.attempt FROM attempt WHERE attempt.run = report.run AND attempt.job = report.job) ORDER BY job, member",
            new { run }).Select(row => row.Report())]);

    public bool Append(RunPayload payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        CoordinationChecks.Text("kind of the payload", payload.Kind, CoordinationLimits.NameLength);
        CoordinationChecks.Bytes("payload", payload.Content, CoordinationLimits.PayloadBytes);
        var key = new { payload.Run, payload.Job, payload.Attempt, payload.Kind, payload.Member, payload.Number };
        return Write(change =>
        {
            var (connection, transaction) = (change.Connection, change.Transaction);
            var id = connection.ExecuteScalar<long?>(
                $"INSERT INTO payload (run, job, attempt, kind, member, number) SELECT run, job, attempt, @Kind, @Member, @Number FROM attempt {CurrentAttemptSql} ON CONFLICT DO NOTHING RETURNING id",
                key, transaction);
            if (id is { } inserted)
            {
                ContentChunks.Write(change, "INSERT INTO payload_chunk (payload, ordinal, content) VALUES (@owner, @ordinal, @bytes)", inserted, payload.Content);
            }

            // Nothing was written: because it is there already, or because the attempt is not the job's. That it is there has to be seen: between
            // the two statements the attempt may have become the job's, and what was left out would pass for written.
            return id is not null || connection.ExecuteScalar<long>(
                "SELECT count(*) FROM payload JOIN attempt ON attempt.run = payload.run AND attempt.job = payload.job AND attempt.attempt = payload.attempt "
                + "WHERE payload.run = @Run AND payload.job = @Job AND payload.attempt = @Attempt AND kind = @Kind AND member = @Member AND number = @Number",
                key, transaction) == 1;
        });
    }

    public IReadOnlyList<RunPayload> Payloads(long run, int job, string kind) => Read<IReadOnlyList<RunPayload>>(connection =>
    {
        var payloads = new List<RunPayload>();
        var chunks = connection.Query<PayloadRow>(
            "SELECT payload.id, attempt, member, number, content FROM payload LEFT JOIN payload_chunk ON payload_chunk.payload = payload.id "
            + "WHERE run = @run AND job = @job AND kind = @kind ORDER BY payload.id, ordinal", new { run, job, kind }, buffered: false);
        // Rows of one payload follow one another; they are put together as they come, so that nothing is held twice for long.
        var content = new List<byte[]?>();
        PayloadRow? last = null;
        foreach (var chunk in chunks)
        {
            Finish(chunk.Id);
            last = chunk;
            content.Add(chunk.Content);
        }

        Finish(next: null);
        return payloads;

        void Finish(long? next)
        {
            if (last is not null && last.Id != next)
            {
                payloads.Add(new(run, job, last.Attempt, kind, last.Member, last.Number, ContentChunks.Join(content)));
                content.Clear();
            }
        }
    });

    public IReadOnlyList<PayloadKey> PayloadKeys(long run, string kind) => Read<IReadOnlyList<PayloadKey>>(connection =>
        [.. connection.Query<PayloadKeyRow>(
            "SELECT payload.job, payload.attempt, member, number FROM attempt JOIN payload ON payload.run = attempt.run AND payload.job = attempt.job AND payload.attempt = attempt.attempt "
            + "WHERE attempt.run = @run AND kind = @kind ORDER BY payload.id", new { run, kind }).Select(row => row.Key())]);

    public void RemovePayloads(long run, int job, string kind, int lastAttempt, long lastNumber) => Write(change => change.Connection.Execute(
        "DELETE FROM payload WHERE run = @run AND job = @job AND kind = @kind AND attempt <= @lastAttempt AND number <= @lastNumber",
        new { run, job, kind, lastAttempt, lastNumber }, change.Transaction));

    /// <summary>The row of <c>attempt</c> where it says so still; it goes on saying so until the transaction is over.</summary>
    private string CurrentAttemptSql => $"WHERE run = @Run AND job = @Job AND attempt = @Attempt{KeepSql}";
}
