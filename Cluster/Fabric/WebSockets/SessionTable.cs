using System.Net;

namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>
/// Which sessions a node expects, and the connections that came before their session was expected: peers do not start at the same
/// moment. Remembers the newest attempt of each job, so that a late process of an old one does not wait for what cannot come.
/// </summary>
internal sealed class SessionTable(FabricServerLimits limits, RefusalCounters refusals) : IDisposable
{
    /// <summary>Jobs whose newest attempt is remembered. A forgotten one costs an old process its waiting time, nothing else.</summary>
    private const int MaxRemembered = 4096;

    private readonly Lock _changing = new();
    private readonly Dictionary<(long Run, int Job), int> _newest = [];
    private readonly Queue<(long Run, int Job)> _remembered = new();
    private readonly Dictionary<(long Run, int Job, int Attempt), FabricListener> _expected = [];
    private readonly List<WaitingConnection> _waiting = [];
    private bool _disposed;

    /// <exception cref="FabricException">The session, or a later attempt of its job, is or was here already.</exception>
    internal void Expect(FabricListener listener)
    {
        var session = listener.Session;
        lock (_changing)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_newest.TryGetValue((session.Run, session.Job), out var newest) && newest >= session.Attempt)
            {
                throw new FabricException(
                    FabricFailure.Usage,
                    $"This node cannot expect {session}: attempt {newest} was here already. Each attempt of a job needs a number above the last.");
            }

            Remember(session);
            _expected.Add(KeyOf(session), listener);
            foreach (var waiting in _waiting.Where(waiting => KeyOf(waiting.Session) == KeyOf(session)))
            {
                waiting.Found.TrySetResult(listener);
            }
        }
    }

    internal void Forget(FabricListener listener)
    {
        lock (_changing)
        {
            _expected.Remove(KeyOf(listener.Session));
        }
    }

    /// <summary>The listener of that session, waiting for it where it may still come; null with the reason where it will not.</summary>
    internal async Task<(FabricListener? Listener, Refusal Reason, string Text)> FindAsync(FabricSession session, IPAddress from, CancellationToken gone)
    {
        WaitingConnection waiting;
        lock (_changing)
        {
            if (Judge(session, from) is { } answer)
            {
                return answer;
            }

            waiting = new(session, from);
            _waiting.Add(waiting);
        }

        try
        {
            return (await waiting.Found.Task.WaitAsync(limits.WaitTimeout, gone).ConfigureAwait(false), default, "");
        }
        catch (TimeoutException)
        {
            return (null, Refusal.NotExpected, $"nobody here expects {session}, nor did within {limits.WaitTimeout.TotalSeconds:0.###} s");
        }
        finally
        {
            lock (_changing)
            {
                _waiting.Remove(waiting);
            }
        }
    }

    internal void Count(Refusal reason) => refusals.Count(reason);

    public void Dispose()
    {
        lock (_changing)
        {
            _disposed = true;
            _waiting.ForEach(waiting => waiting.Found.TrySetCanceled());
        }
    }

    private static (long Run, int Job, int Attempt) KeyOf(in FabricSession session) => (session.Run, session.Job, session.Attempt);

    /// <summary>Null if it may wait.</summary>
    private (FabricListener? Listener, Refusal Reason, string Text)? Judge(in FabricSession session, IPAddress from)
    {
        if (_newest.TryGetValue((session.Run, session.Job), out var newest) && newest > session.Attempt)
        {
            return (null, Refusal.OldAttempt, $"{session} is over: attempt {newest} is known here");
        }

        if (_expected.TryGetValue(KeyOf(session), out var listener))
        {
            return (listener, default, "");
        }

        if (newest == session.Attempt && _newest.ContainsKey((session.Run, session.Job)))
        {
            return (null, Refusal.OldAttempt, $"{session} is over on this node");
        }

        if (_disposed || _waiting.Count >= limits.MaxWaiting || _waiting.Count(other => other.From.Equals(from)) >= limits.MaxWaitingPerAddress)
        {
            return (null, Refusal.TooManyWaiting, $"nobody expects {session} yet, and too many connections wait already");
        }

        return null;
    }

    private void Remember(in FabricSession session)
    {
        var job = (session.Run, session.Job);
        if (!_newest.ContainsKey(job))
        {
            _remembered.Enqueue(job);
            if (_remembered.Count > MaxRemembered)
            {
                _newest.Remove(_remembered.Dequeue());
            }
        }

        _newest[job] = session.Attempt;
    }
}
