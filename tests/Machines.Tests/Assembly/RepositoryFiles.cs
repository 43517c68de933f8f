namespace Trapline.Machines.Tests.Assembly;

/// <summary>Files of the repository that tests read: guests and the manual.</summary>
internal static class RepositoryFiles
{
    public static string Path(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Simulation.sln")))
            {
                return System.IO.Path.Combine(folder.FullName, relative);
            }
        }

        throw new InvalidOperationException("the tests do not run inside the repository");
    }
}
