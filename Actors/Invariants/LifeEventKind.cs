namespace Trapline.Actors.Invariants;

/// <summary>What happened to an interrupt; which fields of a <see cref="LifeEvent"/> mean what.</summary>
public enum LifeEventKind : byte
{
    /// <summary>A call that carries it left for another group. Code: the message's kind; Other: the target; Number and Value: its first two words.</summary>
    Sent,

    /// <summary>Such a call arrived. Other: who sent it; the rest as in <see cref="Sent"/>.</summary>
    Arrived,

    /// <summary>Such a call was answered though it never arrived. Other: the target.</summary>
    Lost,

    /// <summary>What a device reports. Code: a <c>ReportKind</c>; Number: the line or vector; Value: the detail.</summary>
    Report,

    /// <summary>A vCPU was kicked. Code: its <c>VcpuPhase</c> then.</summary>
    Kick,

    /// <summary>A vCPU went to sleep.</summary>
    Asleep,

    /// <summary>A GIC, or a CPU's half of one, says what happened. Code: the report's kind; Number: the INTID.</summary>
    InterruptReport,
}
