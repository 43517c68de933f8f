using System.Text.Json.Serialization;
using Trapline.Cluster.Runs.Acts;
using Trapline.Host.Commands;
using Trapline.Host.Doctor;
using Trapline.Host.Reports.Clusters;
using Trapline.Host.Reports.Snapshots;
using Trapline.Host.Seeds;
using Trapline.Machines.Replay;
using Trapline.Machines.Results;

namespace Trapline.Host.Reports;

/// <summary>Serialisers made when this is compiled: making them by reflection would take longer than a short run.</summary>
[JsonSerializable(typeof(RunReport))]
[JsonSerializable(typeof(SeedsReport))]
[JsonSerializable(typeof(ReplayReport))]
[JsonSerializable(typeof(ValidationReport))]
[JsonSerializable(typeof(CreatedFiles))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(CostsReport))]
[JsonSerializable(typeof(CostsList))]
[JsonSerializable(typeof(QuirksList))]
[JsonSerializable(typeof(SnapshotList))]
[JsonSerializable(typeof(SnapshotExport))]
[JsonSerializable(typeof(SnapshotImport))]
[JsonSerializable(typeof(SnapshotVerification))]
[JsonSerializable(typeof(SnapshotPruning))]
[JsonSerializable(typeof(ActAnswer))]
[JsonSerializable(typeof(CompletionScript))]
[JsonSerializable(typeof(SnapshotShow))]
[JsonSerializable(typeof(SnapshotDiff))]
[JsonSerializable(typeof(ClusterUp))]
[JsonSerializable(typeof(ClusterDown))]
[JsonSerializable(typeof(ClusterState))]
[JsonSerializable(typeof(RunsList))]
[JsonSerializable(typeof(RunLog))]
[JsonSerializable(typeof(RunStopped))]
[JsonSerializable(typeof(RunSubmitted))]
[JsonSerializable(typeof(RequestAnswer))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;
