using Dapper;
using Trapline.Machines.Text;

namespace Trapline.Cluster.Coordination.Sql;

/// <summary>Members.</summary>
internal abstract partial class SqlCoordination
{
    private const int Alive = (int)MemberState.Alive;
    private const int MostMembers = 1_000;

    private string MemberColumns => $"id, name, endpoint, build, threads, generation, state, CASE WHEN {LapsedSql} THEN 1 ELSE 0 END AS lapsed, status";

    public Member Join(NodeAnnouncement announcement, TimeSpan lease)
    {
        ArgumentNullException.ThrowIfNull(announcement);
        CoordinationChecks.Name(announcement.Name);
        CoordinationChecks.Text("endpoint", announcement.Endpoint);
        CoordinationChecks.Text("build", announcement.Build);
        var milliseconds = CoordinationChecks.Milliseconds(lease);
        return Write(
            change =>
            {
                var (connection, transaction) = (change.Connection, change.Transaction);
                connection.Execute(
                    $"UPDATE member SET state = {(int)MemberState.Dead} WHERE name = @Name AND state = {Alive} AND {LapsedSql}", new { announcement.Name }, transaction);
                if (connection.QuerySingleOrDefault<MemberRow>($"SELECT {MemberColumns} FROM member WHERE name = @Name AND state = {Alive}", new { announcement.Name }, transaction) is { } live)
                {
                    throw new CoordinationException(
                        CoordinationFailure.NameTaken,
                        $"a live node at {live.Endpoint} has the name {Quoted.Show(live.Name)} in {Place}: choose another name with --name, or end that node first; if its process is gone, its lease lapses by itself: try again then");
                }

                var id = connection.ExecuteScalar<long>(
                    "INSERT INTO member (name, generation, endpoint, build, threads, state, status, lease_until_ms) "
                    + $"SELECT @Name, coalesce(max(generation), 0) + 1, @Endpoint, @Build, @Threads, {Alive}, '', 0 FROM member WHERE name = @Name RETURNING id",
                    announcement, transaction);
                connection.Execute($"UPDATE member SET {LeaseSql} WHERE id = @id", new { id, milliseconds }, transaction);
                return connection.QuerySingle<MemberRow>($"SELECT {MemberColumns} FROM member WHERE id = @id", new { id }, transaction).Member();
            },
            alone: true);
    }

    public bool Renew(long member, string status, TimeSpan lease)
    {
        ArgumentNullException.ThrowIfNull(status);
        CoordinationChecks.Text("status", status);
        var milliseconds = CoordinationChecks.Milliseconds(lease);
        return Write(change => change.Connection.Execute(
            $"UPDATE member SET status = @status, {LeaseSql} WHERE id = @member AND state = {Alive}", new { member, status, milliseconds }, change.Transaction) == 1);
    }

    public void Leave(long member) => Write(change => change.Connection.Execute(
        $"UPDATE member SET state = {(int)MemberState.Left} WHERE id = @member AND state = {Alive}", new { member }, change.Transaction));

    public IReadOnlyList<Member> Members() => Read<IReadOnlyList<Member>>(connection =>
        [.. connection.Query<MemberRow>($"SELECT {MemberColumns} FROM member ORDER BY id DESC LIMIT {MostMembers}").Reverse().Select(row => row.Member())]);
}
