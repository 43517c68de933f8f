using System.CommandLine;
using Trapline.Cluster.Coordination;

namespace Trapline.Host.Commands.Clusters;

/// <summary>Options that all commands about clusters word alike.</summary>
internal static class ClusterOptions
{
    /// <summary>Where the option is not given: the variable is for those who have one cluster.</summary>
    public const string Variable = "TRAPLINE_CLUSTER";

    public static Option<string?> Cluster(string use) => new("--cluster")
    {
        Description = $"{use}: sqlite:FILE for nodes of one machine, or postgresql://user@host:port/database (its password from PGPASSWORD or ~/.pgpass). Default: ${Variable}",
        HelpName = "URL",
    };

    /// <exception cref="CommandException">There is none.</exception>
    public static string Url(ParseResult parsed, Option<string?> option) =>
        UrlOrNull(parsed, option) ?? throw new CommandException(ExitCodes.Usage, $"which cluster? Add --cluster URL, or set {Variable}; 'trapline cluster up' starts one on this machine");

    public static string? UrlOrNull(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) ?? (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } url ? url : null);

    /// <exception cref="CommandException">There is no cluster yet.</exception>
    public static ICoordination Open(string url) =>
        Coordinations.OpenExisting(url) ?? throw new CommandException(ExitCodes.Usage, $"there is no cluster in {Coordinations.Place(url)}: 'trapline cluster up' starts one, and 'trapline node --cluster URL' adds a node");
}
