namespace Trapline.Host.Commands;

/// <summary>A cost profile; latencies as text.</summary>
internal sealed record ValidatedCosts(string Name, int Costs, int Factors, string PathLatency, string PathJitter);
