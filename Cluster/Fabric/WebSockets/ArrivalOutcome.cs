namespace Trapline.Cluster.Fabric.WebSockets;

internal enum ArrivalOutcome
{
    Arrived,
    Failed,
    TimedOut,
}
