namespace Trapline.EndToEnd.Tests;

/// <summary>A cluster of four processes that all tests of a class share.</summary>
public sealed class FourNodes : IDisposable
{
    private readonly WorkFolder _folder = new();

    public FourNodes()
    {
        using var up = Trapline.Run(_folder.Path, 0, "cluster", "up", "--nodes", "4");
    }

    public string Folder => _folder.Path;

    public string Url { get; } = "sqlite:trapline-cluster/cluster.db";

    public void Dispose()
    {
        using var down = Trapline.Run(_folder.Path, 0, "cluster", "down");
        _folder.Dispose();
    }
}
