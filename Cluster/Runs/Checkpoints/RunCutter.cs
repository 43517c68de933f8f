using Trapline.Actors.Kernel;
using Trapline.Messages;

namespace Trapline.Cluster.Runs.Checkpoints;

/// <summary>Runs an engine on, and cuts it at the times of a schedule.</summary>
internal sealed class RunCutter(CheckpointSchedule schedule, CheckpointWriter writer, CheckpointOrigin origin, int threads)
{
    /// <param name="engine">It stands between two windows.</param>
    /// <param name="from">Where it stands.</param>
    /// <param name="end">Nothing due then or later is handled; a cut at that very time is not made before the run goes on.</param>
    public void Run(Engine engine, VirtualTime from, VirtualTime end)
    {
        writer.Prepare(state => state.Take(engine, from, threads));
        while (true)
        {
            var cut = schedule.Next(engine.NextDue, from, out var named);
            if (cut >= engine.StopAt || cut >= end)
            {
                break;
            }

            engine.Run(cut);
            if (engine.End is not null || engine.NextDue >= engine.StopAt)
            {
                // What is left is shorter than a path, or nothing.
                break;
            }

            from = cut;
            if (writer.Rent(wait: named) is { } state)
            {
                state.Take(engine, cut, threads);
                writer.Write(state, origin);
            }
        }

        engine.Run(end);
    }
}
