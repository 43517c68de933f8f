using System.Diagnostics;
using Trapline.Cluster.Coordination;

namespace Trapline.Cluster.Nodes;

/// <summary>This node's row among the members, kept alive by a thread that nothing else can hold up.</summary>
internal sealed class Membership : IDisposable
{
    private const int BeatsPerLease = 4;

    private readonly NodeContext _context;
    private readonly NodeAnnouncement _announcement;
    private readonly ManualResetEventSlim _ending = new();
    private readonly Thread _thread;
    private long _member;
    private long _answeringSince = Stopwatch.GetTimestamp();
    private long _lastBeat = Stopwatch.GetTimestamp();
    private int _rejoined;
    private volatile string _status = "";

    private Membership(NodeContext context, NodeAnnouncement announcement, long member)
    {
        _context = context;
        _announcement = announcement;
        _member = member;
        _thread = new Thread(Beat) { IsBackground = true, Name = "heartbeat" };
        _thread.Start();
    }

    /// <summary>Whom the node is now.</summary>
    public long Member => Volatile.Read(ref _member);

    /// <summary>What it says of itself.</summary>
    public string Status { set => _status = value; }

    /// <summary>
    /// Whether this node has seen the database without a gap for longer than a lease. After a gap the leases of all have lapsed, because
    /// nobody could renew them: that says nothing of anyone.
    /// </summary>
    public bool MayJudgeLeases => Stopwatch.GetElapsedTime(Volatile.Read(ref _answeringSince)) > 1.5 * _context.Settings.Lease
        && Stopwatch.GetElapsedTime(Volatile.Read(ref _lastBeat)) < _context.Settings.Lease / 2;

    /// <summary>Waits for a former node of the name to lapse: one that was killed and started again finds its own name taken.</summary>
    /// <exception cref="CoordinationException">Another live node has the name.</exception>
    public static Membership Join(NodeContext context, CancellationToken cancellation)
    {
        var settings = context.Settings;
        var announcement = new NodeAnnouncement(settings.Name, (settings.Advertise ?? context.Server.Url).ToString(), context.Build, settings.Threads);
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new Membership(context, announcement, context.Coordination.Join(announcement, settings.Lease).Id);
            }
            catch (CoordinationException failure) when (failure.Failure == CoordinationFailure.NameTaken && Stopwatch.GetElapsedTime(begun) < 2 * settings.Lease)
            {
                cancellation.WaitHandle.WaitOne(settings.Lease / BeatsPerLease);
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Whether the node is somebody else since the last call.</summary>
    public bool Rejoined() => Interlocked.Exchange(ref _rejoined, 0) != 0;

    public void Dispose()
    {
        _ending.Set();
        _thread.Join();
        _ending.Dispose();
    }

    private void Beat()
    {
        while (!_ending.Wait(_context.Settings.Lease / BeatsPerLease))
        {
            try
            {
                if (!_context.Coordination.Renew(Member, _status, _context.Settings.Lease))
                {
                    Rejoin();
                }

                // A process that was stopped for longer than a lease, and one whose database was away, have seen nothing meanwhile.
                if (Stopwatch.GetElapsedTime(_lastBeat) > _context.Settings.Lease)
                {
                    Volatile.Write(ref _answeringSince, Stopwatch.GetTimestamp());
                }

                Volatile.Write(ref _lastBeat, Stopwatch.GetTimestamp());
            }
            catch (CoordinationException)
            {
                // The thread that looks says so; here the next beat tries again.
                Volatile.Write(ref _answeringSince, Stopwatch.GetTimestamp());
            }
        }
    }

    private void Rejoin()
    {
        _context.Log("the cluster has declared this node dead: it was stopped, or cut off, for longer than its lease; it joins anew");
        Volatile.Write(ref _member, _context.Coordination.Join(_announcement, _context.Settings.Lease).Id);
        Interlocked.Exchange(ref _rejoined, 1);
    }
}
