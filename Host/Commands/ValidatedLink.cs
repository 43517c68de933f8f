namespace Trapline.Host.Commands;

/// <summary>What joins the two hosts of a VM that migrates.</summary>
/// <param name="Hosts">How many there are.</param>
/// <param name="Latency">One way, as text.</param>
/// <param name="Bandwidth">As text; null where no migration is planned that would need one.</param>
/// <param name="Migrations">When each is planned, as text.</param>
internal sealed record ValidatedLink(int Hosts, string Latency, string? Bandwidth, IReadOnlyList<string> Migrations);
