namespace Trapline.Machines.Tests;

/// <summary>The source tree that the tests were built from: what it publishes is tested as it stands there.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Simulation.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"Simulation.sln is in no folder above {AppContext.BaseDirectory}; run the tests inside the source tree.");
    }
}
