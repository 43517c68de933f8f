using System.IO.Pipelines;

namespace Trapline.Cluster.Fabric.WebSockets.Transport;

/// <summary>The two directions of a connection as Kestrel wants them.</summary>
internal sealed record DirectPipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
