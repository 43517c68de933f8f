using System.Diagnostics;
using Trapline.Cluster.Coordination;
using Trapline.Host.Commands;

namespace Trapline.Host.Clusters;

/// <summary>Waits until nodes that were just started are members.</summary>
internal static class NodesJoining
{
    /// <summary>A node waits for up to two leases for a former one of its name; and 32 of them may share one core.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    /// <param name="coordination">Of the cluster.</param>
    /// <param name="names">Of the nodes.</param>
    /// <param name="before">The greatest number of a member before they were started.</param>
    /// <param name="dead">The first of them that has ended; null while there is none.</param>
    /// <param name="say">The last lines of a node.</param>
    /// <param name="cancellation">A person waits no longer.</param>
    /// <exception cref="CommandException">One has ended, or they take too long.</exception>
    public static IReadOnlyList<Member> Wait(ICoordination coordination, IReadOnlyList<string> names, long before, Func<string?> dead, Func<string, string> say, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            // Asked before the members: one that has joined and died since has still died.
            var ended = dead();
            var members = Members(coordination).Where(member => member.Id > before && member.State == MemberState.Alive && names.Contains(member.Node.Name)).ToList();
            if (ended is not null)
            {
                throw new CommandException(ExitCodes.Environment, $"{ended} ended while it was starting; {say(ended)}");
            }

            if (members.Count == names.Count)
            {
                return members;
            }

            if (watch.Elapsed > Patience)
            {
                var missing = names.First(name => members.All(member => member.Node.Name != name));
                throw new CommandException(ExitCodes.Environment, $"{missing} has not joined within {Patience.TotalSeconds} s; {say(missing)}");
            }

            cancellation.ThrowIfCancellationRequested();
            cancellation.WaitHandle.WaitOne(Step);
        }
    }

    private static IReadOnlyList<Member> Members(ICoordination coordination)
    {
        try
        {
            return coordination.Members();
        }
        catch (CoordinationException failure) when (failure.Failure == CoordinationFailure.Unavailable)
        {
            // The nodes hold it this moment; a server that stays away shows in their logs.
            return [];
        }
    }
}
