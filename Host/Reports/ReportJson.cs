using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Trapline.Cluster.Runs.Acts;
using Trapline.Host.Commands;
using Trapline.Host.Doctor;
using Trapline.Host.Reports.Clusters;
using Trapline.Host.Reports.Snapshots;
using Trapline.Host.Seeds;
using Trapline.Machines.Replay;
using Trapline.Machines.Results;

namespace Trapline.Host.Reports;

/// <summary>The JSON of all commands: names in camelCase, numbers as numbers, indented, one line break at the end.</summary>
internal static class ReportJson
{
    private static readonly ReportJsonContext Context = new(new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        // The default would escape the > of "vcpu->vcpu" against browsers; this text is for files and pipes.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static string Serialize(RunReport report) => Text(report, Context.RunReport);

    public static string Serialize(SeedsReport report) => Text(report, Context.SeedsReport);

    public static string Serialize(ReplayReport report) => Text(report, Context.ReplayReport);

    public static string Serialize(ValidationReport report) => Text(report, Context.ValidationReport);

    public static string Serialize(CreatedFiles files) => Text(files, Context.CreatedFiles);

    public static string Serialize(DoctorReport report) => Text(report, Context.DoctorReport);

    public static string Serialize(CostsReport report) => Text(report, Context.CostsReport);

    public static string Serialize(CostsList list) => Text(list, Context.CostsList);

    public static string Serialize(QuirksList list) => Text(list, Context.QuirksList);

    public static string Serialize(SnapshotList report) => Text(report, Context.SnapshotList);

    public static string Serialize(SnapshotExport report) => Text(report, Context.SnapshotExport);

    public static string Serialize(SnapshotImport report) => Text(report, Context.SnapshotImport);

    public static string Serialize(SnapshotVerification report) => Text(report, Context.SnapshotVerification);

    public static string Serialize(SnapshotPruning report) => Text(report, Context.SnapshotPruning);

    public static string Serialize(ActAnswer answer) => Text(answer, Context.ActAnswer);

    public static string Serialize(CompletionScript script) => Text(script, Context.CompletionScript);

    public static string Serialize(SnapshotShow shown) => Text(shown, Context.SnapshotShow);

    public static string Serialize(SnapshotDiff diff) => Text(diff, Context.SnapshotDiff);

    public static string Serialize(ClusterUp report) => Text(report, Context.ClusterUp);

    public static string Serialize(ClusterDown report) => Text(report, Context.ClusterDown);

    public static string Serialize(ClusterState report) => Text(report, Context.ClusterState);

    public static string Serialize(RunsList report) => Text(report, Context.RunsList);

    public static string Serialize(RunLog report) => Text(report, Context.RunLog);

    public static string Serialize(RunStopped report) => Text(report, Context.RunStopped);

    public static string Serialize(RunSubmitted report) => Text(report, Context.RunSubmitted);

    public static string Serialize(RequestAnswer report) => Text(report, Context.RequestAnswer);

    private static string Text<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.Serialize(value, type) + "\n";
}
