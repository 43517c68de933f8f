using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Trapline.Cluster.Fabric.WebSockets.Transport;

/// <summary>Kestrel's answer to a WebSocket request, after which what is sent no longer passes through Kestrel.</summary>
internal sealed class DirectUpgrade(IHttpUpgradeFeature kestrel, DirectConnection connection) : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => kestrel.IsUpgradableRequest;

    /// <summary>With TLS all stays as it is.</summary>
    internal static void Offer(HttpContext context)
    {
        if (!context.Request.IsHttps && context.Features.Get<IHttpUpgradeFeature>() is { } kestrel && context.Features.Get<DirectConnection>() is { } connection)
        {
            context.Features.Set<IHttpUpgradeFeature>(new DirectUpgrade(kestrel, connection));
        }
    }

    /// <summary>A session has the connection: from here on its link reads the socket.</summary>
    internal void TakeOver() => connection.TakeOver();

    public async Task<Stream> UpgradeAsync() => new DirectStream(await kestrel.UpgradeAsync().ConfigureAwait(false), connection);
}
