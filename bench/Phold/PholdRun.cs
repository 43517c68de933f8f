using System.Diagnostics;
using Trapline.Actors.Kernel;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Bench.Phold;

/// <summary>One run of PHOLD on the kernel, as scenarios use it.</summary>
/// <param name="Messages">Messages handled.</param>
/// <param name="Seconds">Wall time without the set-up.</param>
/// <param name="Windows">Windows of the run.</param>
/// <param name="Digest">Over all actors, in order of address.</param>
internal sealed record PholdRun(long Messages, double Seconds, long Windows, Digest128 Digest)
{
    public static PholdRun Of(PholdModel model, int threads)
    {
        var plan = model.Plan();
        using var engine = new Engine(plan, Placement.OneNode(plan.Groups.Count), 0, new EngineOptions { Threads = threads });
        engine.StopBefore(model.Until);
        engine.Start();
        GC.Collect();
        var watch = Stopwatch.StartNew();
        engine.Run(VirtualTime.Never);
        var seconds = watch.Elapsed.TotalSeconds;
        return new PholdRun(engine.Groups.Sum(group => group.Handled), seconds, engine.Windows, DigestOf(engine));
    }

    private static Digest128 DigestOf(Engine engine)
    {
        var hasher = new StateHasher();
        foreach (var actor in engine.Groups.SelectMany(group => group.Actors).OrderBy(actor => actor.Address))
        {
            actor.SyncState(hasher);
        }

        return hasher.Digest;
    }
}
