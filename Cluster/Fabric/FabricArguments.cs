using System.Text;
using Trapline.Cluster.Fabric.Frames;
using Trapline.Messages;

namespace Trapline.Cluster.Fabric;

/// <summary>What every fabric asks of its caller before anything is sent.</summary>
internal static class FabricArguments
{
    internal static void RequirePeer(int node, int nodeCount, int peer)
    {
        if (peer == node || (uint)peer >= (uint)nodeCount)
        {
            throw new ArgumentOutOfRangeException(nameof(peer), peer, $"Node {node} of {nodeCount} has no peer {peer}.");
        }
    }

    internal static void RequireSummary(in WindowSummary mine)
    {
        if (mine.Window < 0 || mine.NextDue < VirtualTime.Zero || mine.Stop < VirtualTime.Zero)
        {
            throw new ArgumentException($"A window's number and times are not negative: {mine}.", nameof(mine));
        }
    }

    internal static void RequireBlob(string phase, int bytes, FabricLimits limits)
    {
        ArgumentException.ThrowIfNullOrEmpty(phase);
        var phaseBytes = Encoding.UTF8.GetByteCount(phase);
        if (phaseBytes > FrameCodec.MaxPhaseBytes)
        {
            throw new ArgumentException($"A phase's name has at most {FrameCodec.MaxPhaseBytes} bytes; '{PrintableText.Of(phase)}' has {phaseBytes}.", nameof(phase));
        }

        var limit = limits.MaxFrameBytes - FrameHeader.Size - phaseBytes;
        if (bytes > limit)
        {
            throw new FabricException(
                FabricFailure.LimitReached,
                $"The payload of phase '{PrintableText.Of(phase)}' has {bytes} bytes; at most {limit} fit a frame. Raise {nameof(FabricLimits)}.{nameof(FabricLimits.MaxFrameBytes)} on all nodes.");
        }
    }

    internal static void RequireNothingPending(string phase, int messages)
    {
        if (messages > 0)
        {
            throw new InvalidOperationException($"Phase '{PrintableText.Of(phase)}' carries no messages, but {messages} wait to be sent; exchange the window first.");
        }
    }
}
