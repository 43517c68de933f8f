using System.Globalization;
using Trapline.Host.Commands;
using Trapline.Host.Reports;
using Trapline.Machines.Text;

namespace Trapline.Host.Clusters;

/// <summary>Where a cluster of this machine keeps its database, and of each node its number, log and state.</summary>
internal sealed class ClusterFolder(string path)
{
    public const string Default = "trapline-cluster";

    private const string DatabaseName = "cluster.db";
    private const string Node = "node";
    private const string NumberSuffix = ".pid";

    public string Path { get; } = path;

    public string Database => System.IO.Path.Combine(Path, DatabaseName);

    public string Url => $"sqlite:{Database}";

    public string Log(string name) => System.IO.Path.Combine(Path, name + ".log");

    public string State(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Names of the nodes of a cluster of this size.</summary>
    public static IReadOnlyList<string> Names(int nodes) => [.. Enumerable.Range(1, nodes).Select(number => string.Create(CultureInfo.InvariantCulture, $"{Node}{number}"))];

    /// <exception cref="CommandException">It cannot be made.</exception>
    public void Create()
    {
        try
        {
            Directory.CreateDirectory(Path);
        }
        catch (Exception failure) when (DiskFailure.Is(failure))
        {
            throw new CommandException(ExitCodes.Environment, $"the folder {Quoted.Show(Path)} cannot be made: {DiskFailure.Reason(failure)}; choose another with --dir");
        }
    }

    /// <exception cref="CommandException">The disk refuses.</exception>
    public void Write(LocalNode node)
    {
        try
        {
            File.WriteAllText(NumberFile(node.Name), $"{node.Process}\n");
        }
        catch (Exception failure) when (DiskFailure.Is(failure))
        {
            throw new CommandException(ExitCodes.Environment, $"{Quoted.Show(NumberFile(node.Name))} cannot be written: {DiskFailure.Reason(failure)}");
        }
    }

    public void Forget(string name) => File.Delete(NumberFile(name));

    /// <summary>Nodes that were started here and not forgotten, whether they live or not; in the order of their numbers.</summary>
    public IReadOnlyList<LocalNode> Nodes() => !Directory.Exists(Path) ? [] :
    [
        .. Directory.EnumerateFiles(Path, $"{Node}*{NumberSuffix}")
            .Select(file => new LocalNode(System.IO.Path.GetFileNameWithoutExtension(file), ProcessIdentity.Parse(File.ReadAllText(file))))
            .OrderBy(node => node.Name.Length).ThenBy(node => node.Name, StringComparer.Ordinal),
    ];

    private string NumberFile(string name) => System.IO.Path.Combine(Path, name + NumberSuffix);
}
