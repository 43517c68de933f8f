namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>What a node says of itself to whoever watches over its process.</summary>
/// <param name="Good">Status 200 if so, else 503.</param>
/// <param name="Text">Plain text for people; goes to whoever asks, so nothing secret.</param>
public readonly record struct HealthAnswer(bool Good, string Text);
