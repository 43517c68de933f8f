using System.Globalization;
using System.Net;

namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>Addresses of nodes: http URLs of this machine's loopback, and nothing else.</summary>
internal static class NodeUrl
{
    /// <summary>Below it each session has its path: run, job, attempt.</summary>
    internal const string Root = "/fabric";

    /// <summary>
    /// The endpoint that a URL names. No name is looked up: "localhost" is 127.0.0.1, whatever a resolver would say, so
    /// that no configuration of the machine can lead a link off it.
    /// </summary>
    internal static IPEndPoint Parse(Uri url, bool mayChoosePort)
    {
        ArgumentNullException.ThrowIfNull(url);
        var shown = PrintableText.Of(url.OriginalString);
        if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeWs)
            || url.UserInfo.Length > 0 || url.PathAndQuery != "/" || url.Fragment.Length > 0)
        {
            throw new FabricException(FabricFailure.Usage, $"'{shown}' is no address of a node; one looks like http://127.0.0.1:5001.");
        }

        var host = url.IdnHost;
        var isLocalhost = host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
        var address = isLocalhost ? IPAddress.Loopback : IPAddress.TryParse(host, out var parsed) ? parsed : null;
        if (address is null || !IPAddress.IsLoopback(address))
        {
            throw new FabricException(
                FabricFailure.Usage,
                $"'{shown}' is not on this machine's loopback. Links between nodes are not authenticated yet, so they do not leave the machine: "
                + "use 127.0.0.1, [::1] or localhost. Links beyond loopback come with authentication.");
        }

        return url.Port > 0 || mayChoosePort
            ? new(address, url.Port)
            : throw new FabricException(FabricFailure.Usage, $"'{shown}' has port 0, which can be listened on but not connected to; name the peer's port.");
    }

    internal static Uri Of(IPEndPoint endpoint) => new($"http://{endpoint}");

    internal static Uri Socket(IPEndPoint endpoint, in FabricSession session) => new($"ws://{endpoint}{PathOf(session)}");

    internal static string PathOf(in FabricSession session) => $"{Root}/{session.Run}/{session.Job}/{session.Attempt}";

    /// <summary>The session that a path names, its epoch left 0; null if it names none, or not as <see cref="PathOf"/> writes it.</summary>
    internal static FabricSession? SessionOf(string path)
    {
        var parts = path.Split('/');
        return parts.Length == 5
            && long.TryParse(parts[2], NumberStyles.None, null, out var run)
            && int.TryParse(parts[3], NumberStyles.None, null, out var job)
            && int.TryParse(parts[4], NumberStyles.None, null, out var attempt)
            && new FabricSession(run, job, attempt, 0) is var session
            && PathOf(session) == path
            ? session
            : null;
    }
}
