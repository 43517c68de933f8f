namespace Trapline.Cluster.Coordination;

/// <summary>Something that a person asks of a run.</summary>
/// <param name="Id">Over all runs.</param>
/// <param name="Run">The run.</param>
/// <param name="Request">Text.</param>
/// <param name="Answer">Null until it was answered.</param>
public sealed record RunQuestion(long Id, long Run, string Request, string? Answer);
