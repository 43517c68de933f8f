namespace Trapline.Cluster.Runs.Acts;

/// <summary>What has become of a person's request.</summary>
/// <param name="Accepted">It has taken effect and is in the journal.</param>
/// <param name="Variant">In which variant.</param>
/// <param name="AtNs">At which virtual time.</param>
/// <param name="Reason">Why not, where it was refused.</param>
public sealed record ActAnswer(bool Accepted, string Variant, long AtNs, string Reason);
