using Dapper;
using Trapline.Persistence.Sql;

namespace Trapline.Cluster.Coordination.Sql;

/// <summary>Runs: their rows, of which every change is a compare-and-swap, and the log of these.</summary>
internal abstract partial class SqlCoordination
{
    private const int Unfinished = (int)RunPhase.Open;

    /// <summary>A member that left, or was declared dead, holds nothing, however long its lease was.</summary>
    private string HolderLapsedSql => $"({LapsedSql} OR NOT EXISTS (SELECT 1 FROM member WHERE member.id = run.holder AND member.state = {Alive}))";

    /// <summary>Whether a run is still that of the <see cref="RunAuthority"/> in the parameters.</summary>
    private string AuthoritySql => $"id = @Run AND epoch = @Epoch AND holder = @Holder AND NOT {HolderLapsedSql}";

    private string RunColumns => $"id, name, build, phase, epoch, holder, CASE WHEN holder IS NOT NULL AND {HolderLapsedSql} THEN 1 ELSE 0 END AS lapsed, revision, plan";

    public long Submit(RunSubmission submission)
    {
        ArgumentNullException.ThrowIfNull(submission);
        CoordinationChecks.Text("name of the run", submission.Name);
        CoordinationChecks.Text("build", submission.Build);
        CoordinationChecks.Text("plan", submission.Plan, CoordinationLimits.PlanLength);
        CoordinationChecks.Bytes("specification", submission.Specification, CoordinationLimits.SpecificationBytes);
        return Write(change =>
        {
            var run = change.Connection.ExecuteScalar<long>(
                $"INSERT INTO run (name, build, phase, epoch, lease_until_ms, revision, plan) VALUES (@Name, @Build, {Unfinished}, 0, 0, 0, @Plan) RETURNING id",
                new { submission.Name, submission.Build, submission.Plan }, change.Transaction);
            ContentChunks.Write(change, "INSERT INTO specification_chunk (run, ordinal, content) VALUES (@owner, @ordinal, @bytes)", run, submission.Specification);
            return run;
        });
    }

    public IReadOnlyList<RunRow> Runs(bool unfinishedOnly) => Read<IReadOnlyList<RunRow>>(connection =>
        [.. connection.Query<StoredRun>($"SELECT {RunColumns} FROM run {(unfinishedOnly ? $"WHERE phase = {Unfinished} " : "")}ORDER BY id").Select(row => row.Run())]);

    public RunRow? Find(long run) => Read(connection => connection.QuerySingleOrDefault<StoredRun>($"SELECT {RunColumns} FROM run WHERE id = @run", new { run })?.Run());

    public byte[] Specification(long run) => Read(connection =>
    {
        var chunks = connection.Query<byte[]?>(
            "SELECT content FROM run LEFT JOIN specification_chunk ON specification_chunk.run = run.id WHERE run.id = @run ORDER BY ordinal", new { run }).ToList();
        return chunks.Count > 0 ? ContentChunks.Join(chunks) : throw NoRun(run);
    });

    public RunRow? TryTake(long run, long member, TimeSpan lease)
    {
        var milliseconds = CoordinationChecks.Milliseconds(lease);
        return Write(change =>
        {
            var taken = change.Connection.Execute(
                $"UPDATE run SET epoch = epoch + 1, revision = revision + 1, holder = @member, {LeaseSql} "
                + $"WHERE id = @run AND phase = {Unfinished} AND (holder IS NULL OR {HolderLapsedSql}) AND EXISTS (SELECT 1 FROM member WHERE member.id = @member AND member.state = {Alive})",
                new { run, member, milliseconds }, change.Transaction);
            return taken == 1 ? Logged(change, run, "lease taken") : null;
        });
    }

    public bool RenewLease(RunAuthority authority, TimeSpan lease)
    {
        var milliseconds = CoordinationChecks.Milliseconds(lease);
        return Write(change => change.Connection.Execute(
            $"UPDATE run SET {LeaseSql} WHERE id = @Run AND epoch = @Epoch AND holder = @Holder AND EXISTS (SELECT 1 FROM member WHERE member.id = @Holder AND member.state = {Alive})",
            new { authority.Run, authority.Epoch, authority.Holder, milliseconds }, change.Transaction) == 1);
    }

    public RunRow? TryCommit(RunAuthority authority, long revision, RunChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        CoordinationChecks.Text("line for the log", change.What);
        CoordinationChecks.Text("plan", change.Plan, CoordinationLimits.PlanLength);
        if (change.Evicted.Contains(authority.Holder))
        {
            throw CoordinationChecks.Wrong($"member {authority.Holder} would evict itself from run {authority.Run}; a node that goes leaves");
        }

        return Write(sql =>
        {
            var changed = sql.Connection.Execute(
                $"UPDATE run SET epoch = epoch + @raise, revision = revision + 1, phase = @Phase, plan = @Plan WHERE {AuthoritySql} AND revision = @revision",
                new { authority.Run, authority.Epoch, authority.Holder, revision, change.Plan, Phase = (int)change.Phase, raise = change.Evicted.Count > 0 ? 1 : 0 }, sql.Transaction);
            if (changed == 0)
            {
                return null;
            }

            // In one order, so that two runs which evict the same members do not wait for one another.
            foreach (var member in change.Evicted.Order())
            {
                sql.Connection.Execute($"UPDATE member SET state = {(int)MemberState.Dead} WHERE id = @member AND state = {Alive}", new { member }, sql.Transaction);
            }

            foreach (var (job, attempt) in change.Attempts)
            {
                Advance(sql, authority.Run, job, attempt);
            }

            return Logged(sql, authority.Run, change.What);
        });
    }

    public IReadOnlyList<CommitRecord> Commits(long run) => Read<IReadOnlyList<CommitRecord>>(connection =>
        [.. connection.Query<CommitRow>("SELECT number, run, epoch, revision, holder, what, at_ms AS atms FROM run_commit WHERE run = @run ORDER BY revision", new { run }).Select(row => row.Record())]);

    private static CoordinationException NoRun(long run) => CoordinationChecks.Wrong($"there is no run {run}; 'trapline runs list' shows those that there are");

    /// <summary>Writes down in the log what was done to a run in the same transaction.</summary>
    private RunRow Logged(SqlChange change, long run, string what)
    {
        change.Connection.Execute(
            $"INSERT INTO run_commit (run, epoch, revision, holder, what, at_ms) SELECT id, epoch, revision, holder, @what, {DateSql} FROM run WHERE id = @run", new { run, what }, change.Transaction);
        return change.Connection.QuerySingle<StoredRun>($"SELECT {RunColumns} FROM run WHERE id = @run", new { run }, change.Transaction).Run();
    }

    /// <summary>From now on a job is at an attempt; what older ones have said of themselves is forgotten, what they have left stays.</summary>
    private static void Advance(SqlChange change, long run, int job, int attempt)
    {
        var advanced = change.Connection.Execute(
            "INSERT INTO attempt (run, job, attempt) VALUES (@run, @job, @attempt) "
            + "ON CONFLICT (run, job) DO UPDATE SET attempt = excluded.attempt WHERE attempt.attempt <= excluded.attempt",
            new { run, job, attempt }, change.Transaction);
        if (advanced == 0)
        {
            throw CoordinationChecks.Wrong($"job {job} of run {run} is beyond attempt {attempt} already; attempts are counted upwards");
        }

        change.Connection.Execute("DELETE FROM report WHERE run = @run AND job = @job AND attempt < @attempt", new { run, job, attempt }, change.Transaction);
    }
}
