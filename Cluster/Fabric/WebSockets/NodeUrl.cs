using System.Globalization;
using System.Net;

namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>The address of a node: a host, a port, with TLS or without.</summary>
/// <param name="Host">An IP address as a number, or a name to look up when connecting.</param>
/// <param name="Port">0 for any free one, where that is allowed.</param>
/// <param name="Tls">Whether it is https.</param>
internal sealed record NodeUrl(string Host, int Port, bool Tls)
{
    /// <summary>Below it each session has its path: run, job, attempt.</summary>
    internal const string Root = "/fabric";

    /// <summary>
    /// What a URL names, as far as security allows it: beyond loopback only with a key, and with TLS or the consent to go without.
    /// "localhost" is 127.0.0.1, whatever a resolver would say, and any other name counts as beyond: no configuration of the machine
    /// can lead a link off it.
    /// </summary>
    /// <exception cref="FabricException">It is no address of a node, or not allowed.</exception>
    internal static NodeUrl Parse(Uri url, FabricSecurity security, bool mayChoosePort)
    {
        ArgumentNullException.ThrowIfNull(url);
        var shown = PrintableText.Of(url.OriginalString);
        if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
            || url.UserInfo.Length > 0 || url.PathAndQuery != "/" || url.Fragment.Length > 0)
        {
            throw new FabricException(FabricFailure.Usage, $"'{shown}' is no address of a node; one looks like http://127.0.0.1:5001 or https://node-2.example:5001.");
        }

        var host = url.IdnHost.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback.ToString() : url.IdnHost;
        var tls = url.Scheme == Uri.UriSchemeHttps;
        if (!IPAddress.TryParse(host, out var address) || !IPAddress.IsLoopback(address))
        {
            RequireAllowed(shown, tls, security);
        }

        return url.Port > 0 || mayChoosePort
            ? new(host, url.Port, tls)
            : throw new FabricException(FabricFailure.Usage, $"'{shown}' has port 0, which can be listened on but not connected to; name the peer's port.");
    }

    /// <summary>Where to listen. A name would mean one of several addresses, so there a number is asked for.</summary>
    internal IPEndPoint Endpoint() => IPAddress.TryParse(Host, out var address)
        ? new(address, Port)
        : throw new FabricException(FabricFailure.Usage, $"Cannot listen at the name '{PrintableText.Of(Host)}': give an IP address of this machine, or 0.0.0.0 or [::] for all of them.");

    internal Uri Socket(in FabricSession session) => new($"{(Tls ? "wss" : "ws")}://{Authority}{PathOf(session)}");

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

    public override string ToString() => $"{(Tls ? "https" : "http")}://{Authority}";

    private string Authority => Host.Contains(':', StringComparison.Ordinal) && Host[0] != '[' ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    private static void RequireAllowed(string shown, bool tls, FabricSecurity security)
    {
        if (!security.HasKey)
        {
            throw new FabricException(
                FabricFailure.Usage,
                $"'{shown}' is not on this machine's loopback, and there is no cluster key: whoever reaches a node could speak as one. "
                + $"Set {FabricSecurity.KeyVariable} or name a key file on all nodes, or use 127.0.0.1, [::1] or localhost.");
        }

        if (!tls && !security.Insecure)
        {
            throw new FabricException(
                FabricFailure.Usage,
                $"'{shown}' is not on this machine's loopback, and has no TLS: what goes over the link could be read and altered. Use https, or allow it with --insecure.");
        }
    }
}
