using System.Net;

namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>Addresses of nodes: http URLs of this machine's loopback, and nothing else.</summary>
internal static class LoopbackUrl
{
    /// <summary>Where all nodes of this program listen.</summary>
    internal const string Path = "/fabric";

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

    internal static Uri Socket(IPEndPoint endpoint) => new($"ws://{endpoint}{Path}");
}
