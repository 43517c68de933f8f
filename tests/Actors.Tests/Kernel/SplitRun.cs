using System.Runtime.InteropServices;
using Trapline.Actors.Kernel;
using Trapline.Messages;

namespace Trapline.Actors.Tests.Kernel;

/// <summary>A load on several engines, exchanging windows by hand: what nodes do, without a network.</summary>
internal static class SplitRun
{
    public static Digest128 Of(SyntheticLoad load, int nodes, VirtualTime until)
    {
        var placement = Placement.Blocks(load.Groups, nodes);
        var engines = Enumerable.Range(0, nodes).Select(node => new Engine(load.Build(), placement, node, new EngineOptions())).ToArray();
        foreach (var engine in engines)
        {
            engine.StopBefore(until);
            engine.Start();
        }

        var length = engines[0].Plan.LookaheadBetween(placement);
        while (engines.Min(engine => engine.NextDue) < until)
        {
            var end = VirtualTime.Min(until, engines.Min(engine => engine.NextDue) + length);
            foreach (var engine in engines)
            {
                engine.Run(end);
            }

            Exchange(engines, end);
        }

        var digest = SyntheticLoad.DigestOf(engines);
        Array.ForEach(engines, engine => engine.Dispose());
        return digest;
    }

    private static void Exchange(Engine[] engines, VirtualTime end)
    {
        foreach (var from in engines)
        {
            foreach (var to in engines.Where(to => to != from))
            {
                to.Accept(CollectionsMarshal.AsSpan(from.OutgoingTo(to.Node)), from.Node, end);
                from.OutgoingTo(to.Node).Clear();
            }
        }
    }
}
