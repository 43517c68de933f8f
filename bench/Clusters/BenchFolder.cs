namespace Trapline.Bench.Clusters;

/// <summary>A folder that is gone afterwards.</summary>
internal sealed class BenchFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("trapline-bench-");
    private int _next;

    public string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    /// <summary>A name that was not used yet.</summary>
    public string Next() => Path($"cluster{++_next}");

    public void Dispose() => _folder.Delete(recursive: true);
}
