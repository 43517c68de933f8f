namespace Trapline.Host.Clusters;

/// <summary>A node of this machine.</summary>
/// <param name="Name">As it joins.</param>
/// <param name="Process">Null where its file has none: then nothing is known of it.</param>
internal sealed record LocalNode(string Name, ProcessIdentity? Process)
{
    public bool IsAlive => Process is { IsAlive: true };
}
