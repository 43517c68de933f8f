using Trapline.Devices.Arm;

namespace Trapline.Actors.Arm;

/// <summary>Classes of interrupts, in which a vCPU counts those that it takes (<see cref="Vcpus.VcpuStatistics.Taken"/>).</summary>
public static class InterruptClasses
{
    public const int Sgi = 0;
    public const int Ppi = 1;
    public const int Spi = 2;
    public const int Lpi = 3;

    /// <summary>By number.</summary>
    public static IReadOnlyList<string> Names { get; } = ["SGI", "PPI", "SPI", "LPI"];

    /// <summary>The class of an INTID.</summary>
    public static int Of(int interruptId) => InterruptIds.IsSgi(interruptId) ? Sgi
        : InterruptIds.IsPrivate(interruptId) ? Ppi
        : InterruptIds.IsLpi(interruptId) ? Lpi
        : Spi;
}
