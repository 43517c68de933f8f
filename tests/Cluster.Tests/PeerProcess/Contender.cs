using System.Diagnostics;
using Trapline.Cluster.Coordination;

namespace Trapline.Peers;

/// <summary>
/// A node that does nothing but take leases, commit, append and report: something to kill in the middle of a call. The plan of a run is its
/// revision; every commit moves job 0 to the attempt of that number, and leaves a payload of two chunks with it.
/// </summary>
internal static class Contender
{
    private const int PayloadBytes = 5 << 20;
    private static readonly TimeSpan Lease = TimeSpan.FromMilliseconds(150);

    public static int Run(string url, string name, TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        Member? member = null;
        ICoordination? coordination = null;
        CoordinationException? failure = null;
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            try
            {
                coordination ??= Coordinations.Open(url);
                if (member is null)
                {
                    member = coordination.Join(new(name, "http://127.0.0.1", "build", 1), Lease);
                    Console.WriteLine("running");
                }

                if (!Step(coordination, member))
                {
                    member = null;
                }
            }
            catch (CoordinationException thrown) when (thrown.Failure is CoordinationFailure.Unavailable or CoordinationFailure.NameTaken)
            {
                // As every node: later again.
                failure = thrown;
            }
        }

        coordination?.Dispose();
        Console.Error.WriteLine(member is null ? $"{failure?.Failure}: {failure?.Message}" : "");
        return member is null ? 3 : 0;
    }

    /// <summary>False: it was declared dead.</summary>
    private static bool Step(ICoordination coordination, Member member)
    {
        if (!coordination.Renew(member.Id, "", Lease))
        {
            return false;
        }

        foreach (var run in coordination.Runs(unfinishedOnly: true))
        {
            if (coordination.TryTake(run.Id, member.Id, Lease) is { } held)
            {
                Hold(coordination, held, member.Id);
            }
        }

        // Whom a file is locked for waits in no queue: who never pauses would keep the others out.
        Thread.Sleep(Random.Shared.Next(10, 40));
        coordination.WaitForChange(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        return true;
    }

    private static void Hold(ICoordination coordination, RunRow held, long member)
    {
        for (var commits = 0; commits < 5; commits++)
        {
            var attempt = (int)held.Revision + 1;
            if (coordination.TryCommit(new(held.Id, held.Epoch, member), held.Revision, new("step", $"{attempt}") { Attempts = [(0, attempt)] }) is not { } next)
            {
                return;
            }

            held = next;
            coordination.Append(new(held.Id, 0, attempt, "part", member, 0, new byte[PayloadBytes]));
            coordination.Report([new(held.Id, 0, attempt, member, "at it")]);
            Thread.Sleep(Random.Shared.Next(20));
            coordination.RemovePayloads(held.Id, 0, "part", attempt - 2, 0);
        }
    }
}
