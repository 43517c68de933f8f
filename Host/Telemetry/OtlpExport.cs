using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Trapline.Cluster.Telemetry;

namespace Trapline.Host.Telemetry;

/// <summary>Sends metrics and traces of a node to a collector by OTLP. The usual variables of OpenTelemetry (<c>OTEL_EXPORTER_OTLP_…</c>) say how, headers with secrets among them.</summary>
internal sealed class OtlpExport : IDisposable
{
    /// <summary>Whose presence turns it on.</summary>
    public const string Variable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private readonly MeterProvider _metrics;
    private readonly TracerProvider _traces;

    private OtlpExport(string node, Uri? endpoint)
    {
        var resource = ResourceBuilder.CreateDefault().AddService("trapline", serviceInstanceId: node);
        _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(ClusterTelemetry.Name).AddOtlpExporter(Point).Build();
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(ClusterTelemetry.Name).AddOtlpExporter(Point).Build();

        void Point(OpenTelemetry.Exporter.OtlpExporterOptions options)
        {
            if (endpoint is not null)
            {
                options.Endpoint = endpoint;
            }
        }
    }

    /// <param name="node">Its name.</param>
    /// <param name="endpoint">Of the collector; null for what <see cref="Variable"/> says.</param>
    /// <returns>Null where nobody has asked for it.</returns>
    public static OtlpExport? Start(string node, Uri? endpoint) =>
        endpoint is null && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)) ? null : new OtlpExport(node, endpoint);

    /// <summary>Sends what is left, for a bounded time.</summary>
    public void Dispose()
    {
        _metrics.Dispose();
        _traces.Dispose();
    }
}
