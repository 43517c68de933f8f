using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Trapline.Cluster.Clients;
using Trapline.Cluster.Coordination;
using Trapline.Host.Clusters;
using Trapline.Machines.Text;

namespace Trapline.Host.Commands.Clusters;

/// <summary>Options and arguments that all commands about clusters word alike.</summary>
internal static class ClusterOptions
{
    /// <summary>Where the option is not given: the variable is for those who have one cluster.</summary>
    public const string Variable = "TRAPLINE_CLUSTER";

    public static Option<string?> Cluster(string use) => new("--cluster")
    {
        Description = $"{use}: sqlite:FILE for nodes of one machine, or postgresql://user@host:port/database (its password from PGPASSWORD or ~/.pgpass). Default: ${Variable}; else that of 'cluster up' in the current folder",
        HelpName = "URL",
    };

    /// <summary>A run by its number.</summary>
    public static Argument<long> Run() => new("RUN")
    {
        Description = "Number of the run, as 'trapline run --cluster' and 'trapline runs list' print it",
        HelpName = "RUN",
        CustomParser = RunNumber,
    };

    /// <exception cref="CommandException">There is none.</exception>
    public static string Url(ParseResult parsed, Option<string?> option) =>
        UrlOrNull(parsed, option) ?? throw new CommandException(ExitCodes.Usage, $"which cluster? Add --cluster URL, or set {Variable}; 'trapline cluster up' starts one on this machine");

    /// <summary>As given; by the variable; the one that <c>cluster up</c> has left in the current folder; null.</summary>
    public static string? UrlOrNull(ParseResult parsed, Option<string?> option)
    {
        var local = new ClusterFolder(ClusterFolder.Default);
        return parsed.GetValue(option) ?? (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } url ? url : File.Exists(local.Database) ? local.Url : null);
    }

    /// <exception cref="CommandException">There is no cluster yet.</exception>
    public static ICoordination Open(string url) =>
        Coordinations.OpenExisting(url) ?? throw new CommandException(ExitCodes.Usage, $"there is no cluster in {Coordinations.Place(url)}: 'trapline cluster up' starts one, and 'trapline node --cluster URL' adds a node");

    /// <summary>For people outside: what they do with the cluster that the command line means.</summary>
    public static ClusterClient Client(ParseResult parsed, Option<string?> option) => new(Open(Url(parsed, option)));

    /// <summary>What a person adds to a command to mean the same cluster; empty where it is found without.</summary>
    /// <param name="given">The option's value.</param>
    /// <param name="place">Of the cluster, which has no password in it.</param>
    public static string Suffix(string? given, string place) => given is null ? "" : $" --cluster {ShellWord.Quote(place)}";

    private static long RunNumber(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var run) || run < 1)
        {
            result.AddError($"{Quoted.Show(text)} is no number of a run; 'trapline runs list' shows them");
        }

        return run;
    }
}
