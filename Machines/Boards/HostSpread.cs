using Trapline.Messages;

namespace Trapline.Machines.Boards;

/// <summary>One machine whose vCPUs lie on several modelled hosts, in blocks of neighbours as equal as they can be; the board is on the first.</summary>
/// <param name="Count">1 to <see cref="MaximumCount"/>, and at most as many as there are vCPUs.</param>
/// <param name="Latency">From one host to another, one way: at least that of the paths inside a host.</param>
public sealed record HostSpread(int Count, VirtualTime Latency)
{
    /// <summary>Each has a class of paths of its own; a cluster has no more nodes.</summary>
    public const int MaximumCount = 32;

    /// <summary>The host of a vCPU, from 0.</summary>
    public int HostOf(int vcpu, int vcpus) => (int)((long)vcpu * Count / vcpus);
}
