namespace Trapline.Actors.Devices;

/// <summary>Class of the source that raised a line, for the latency by path. Numbers are part of the wire format.</summary>
public enum InterruptSource : byte
{
    /// <summary>The IPI unit of a CPU.</summary>
    Ipi = 0,

    /// <summary>A guest's write to a controller, which let out what had been waiting: enabling, unmasking, another route.</summary>
    Controller = 1,

    /// <summary>A device that sends messages.</summary>
    Msi = 2,

    /// <summary>The level device.</summary>
    Level = 3,

    Uart = 4,

    Rtc = 5,

    /// <summary>A vCPU that names others in a hypercall.</summary>
    PvIpi = 6,

    /// <summary>A vCPU of another VM, or of its own, that rings a doorbell.</summary>
    Doorbell = 7,
}
