namespace Trapline.Cluster.Runs.Acts;

/// <summary>A request, as it travels.</summary>
/// <param name="Act">What is to be done.</param>
internal sealed record ActRequest(string Act);
