namespace Trapline.Machines.Results;

/// <summary>One reason for leaving the guest, counted from messages.</summary>
/// <param name="Reason">KVM's statistics counter and the register: <c>ipi_write IPI_SEND</c>.</param>
/// <param name="Count">Exits.</param>
/// <param name="Share">Of all exits of the variant, 0 to 1.</param>
/// <param name="TimeShare">Of the time of all exits.</param>
/// <param name="MinNs">Shortest time outside the guest.</param>
/// <param name="AvgNs">Mean.</param>
/// <param name="MaxNs">Longest.</param>
public sealed record ExitRow(string Reason, long Count, double Share, double TimeShare, decimal MinNs, decimal AvgNs, decimal MaxNs);
