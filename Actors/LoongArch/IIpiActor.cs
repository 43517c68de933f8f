using Trapline.Actors.Statistics;

namespace Trapline.Actors.LoongArch;

/// <summary>What a report asks of the IPI unit of a CPU, however it is carried.</summary>
public interface IIpiActor
{
    InterruptFates Fates { get; }

    /// <summary>KVM's statistics of the vCPU; 0 where there is no KVM.</summary>
    (ulong Reads, ulong Writes) Exits { get; }

    /// <summary>Sends whose CPU id no vCPU has.</summary>
    ulong SentToNobody { get; }
}
