namespace Trapline.Cluster.Runs.Acts;

/// <summary>What <c>control.json</c> in a run's folder says: where the run can be spoken to while it goes on.</summary>
/// <param name="Socket">Path of its Unix domain socket, which is in the folder for temporary files because such paths may have no more than about 100 bytes.</param>
/// <param name="Process">Process id, for people.</param>
public sealed record ControlPlace(string Socket, int Process)
{
    public const string FileName = "control.json";
}
