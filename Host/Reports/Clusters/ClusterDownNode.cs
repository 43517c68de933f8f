namespace Trapline.Host.Reports.Clusters;

/// <summary>A node that is no more.</summary>
/// <param name="Name">Of it.</param>
/// <param name="End"><c>left</c>; <c>killed</c> where it did not leave in time; <c>gone</c> where it was not there any more.</param>
internal sealed record ClusterDownNode(string Name, string End);
