namespace Trapline.Cluster.Coordination;

/// <summary>
/// What all nodes of a cluster must agree on: members, the runs with their lease and epoch, and what nodes and people leave for one
/// another. The seam where another engine comes in; every implementation passes the same contract tests.
/// <para>
/// A call that fails has changed nothing, also when the process is killed in the middle of it; only where the connection to a server was lost
/// while it committed may all of it have been done (<see cref="CoordinationFailure.Unavailable"/>). Times are compared by the engine's clock,
/// in the statement that uses them. Calls may come from several threads at once.
/// </para>
/// </summary>
/// <exception cref="CoordinationException">Of every call.</exception>
public interface ICoordination : IDisposable
{
    /// <summary>For people: file or database, without secrets.</summary>
    string Place { get; }

    /// <summary>Which database this is, chosen at random when it was made: what a node remembers of a cluster it remembers under this.</summary>
    string ClusterId { get; }

    /// <summary>Announces a node. A live member of the same name keeps its place until its lease has lapsed; one that has lapsed is declared dead.</summary>
    /// <exception cref="CoordinationException"><see cref="CoordinationFailure.NameTaken"/>: a live node has this name.</exception>
    Member Join(NodeAnnouncement announcement, TimeSpan lease);

    /// <summary>Says that a member lives; <paramref name="status"/> is text for people and other nodes. False: it was declared dead, and never returns.</summary>
    bool Renew(long member, string status, TimeSpan lease);

    /// <summary>Says that a member is gone of its own will.</summary>
    void Leave(long member);

    /// <summary>All that ever were, in the order in which they joined, the newest 1,000.</summary>
    IReadOnlyList<Member> Members();

    /// <summary>Writes down a new run; returns its number, from 1.</summary>
    long Submit(RunSubmission submission);

    /// <summary>Without their specifications; the oldest first.</summary>
    IReadOnlyList<RunRow> Runs(bool unfinishedOnly);

    /// <summary>Null where there is no such run.</summary>
    RunRow? Find(long run);

    /// <summary>What was submitted.</summary>
    byte[] Specification(long run);

    /// <summary>Takes the lease of an unfinished run that nobody holds, or whose lease has lapsed: a new epoch and revision. Null where somebody has it.</summary>
    RunRow? TryTake(long run, long member, TimeSpan lease);

    /// <summary>False: it is no longer this holder's. A lease that lapsed and was taken by nobody is renewed.</summary>
    bool RenewLease(RunAuthority authority, TimeSpan lease);

    /// <summary>
    /// The one way in which a run changes: under its epoch, holder and revision, in one transaction with the row in the log of commits.
    /// </summary>
    /// <returns>The run after it; null where epoch, holder or revision are others by now, or the lease has lapsed: then nothing has changed.</returns>
    RunRow? TryCommit(RunAuthority authority, long revision, RunChange change);

    /// <summary>The log of all commits of a run, in their order.</summary>
    IReadOnlyList<CommitRecord> Commits(long run);

    /// <summary>Replaces what participants say of their attempts; one whose attempt is no longer the job's is left out.</summary>
    /// <returns>How many were written down.</returns>
    int Report(IReadOnlyList<ParticipantReport> reports);

    /// <summary>Of all current attempts of a run.</summary>
    IReadOnlyList<ParticipantReport> Reports(long run);

    /// <summary>Leaves something for the holder, once: the same key again changes nothing. False: the attempt is no longer the job's.</summary>
    bool Append(RunPayload payload);

    /// <summary>Payloads of a kind of a job, of all its attempts, in the order in which they came.</summary>
    IReadOnlyList<RunPayload> Payloads(long run, int job, string kind);

    /// <summary>Which payloads of a kind there are of the current attempts of all jobs of a run.</summary>
    IReadOnlyList<PayloadKey> PayloadKeys(long run, string kind);

    /// <summary>Forgets payloads of a kind of a job, of attempts up to one and of these those with numbers up to one.</summary>
    void RemovePayloads(long run, int job, string kind, int lastAttempt, long lastNumber);

    /// <summary>Asks something of a run; returns the request's number. It is answered by whoever does it.</summary>
    long Request(long run, string request);

    /// <summary>Requests of a run, in their order.</summary>
    IReadOnlyList<RunQuestion> Requests(long run);

    /// <summary>The first answer stays.</summary>
    void Answer(long request, string answer);

    /// <summary>
    /// Until it is disposed of, the calls of this thread share a connection. To open one costs several times what most calls do; but one that is
    /// kept for long does not find out that the database is another.
    /// </summary>
    IDisposable Together();

    /// <summary>
    /// Blocks until something may have changed since this thread last asked, or for a time: where the engine can it wakes its callers at once,
    /// elsewhere they poll. Sooner, and false, where the engine cannot be heard just now: look for yourself. A lease that is renewed wakes nobody where the engine can tell.
    /// </summary>
    /// <returns>Whether it was woken.</returns>
    bool WaitForChange(TimeSpan atMost, CancellationToken cancellation);
}
