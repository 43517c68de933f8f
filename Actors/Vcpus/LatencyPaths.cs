using Trapline.Actors.Devices;

namespace Trapline.Actors.Vcpus;

/// <summary>Path classes of <see cref="VcpuStatistics.Latencies"/>: kind, class of source, class of target. The same for every architecture.</summary>
public static class LatencyPaths
{
    /// <summary>Of the CPU's own timer.</summary>
    public const int Timer = 1;

    /// <summary>By path.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "ipi vcpu->vcpu", "timer vcpu->vcpu", "controller vcpu->vcpu", "msi device->vcpu", "level device->vcpu", "uart device->vcpu", "rtc device->vcpu",
        "pv-ipi vcpu->vcpu", "doorbell device->vcpu",
    ];

    /// <summary>The timer's is beside those of the sources outside the CPU, in their order.</summary>
    public static int Of(InterruptSource source) => source == InterruptSource.Ipi ? 0 : Timer + (int)source;

    public static bool Exists(InterruptSource source) => Timer + (int)source < Names.Count;
}
