using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Trapline.Host.Commands;
using Trapline.Host.Doctor;
using Trapline.Machines.Results;

namespace Trapline.Host.Reports;

/// <summary>
/// The JSON of all commands: names in camelCase, numbers as numbers, indented, one line break at the end. Serialisers are
/// generated when this is compiled: building them by reflection would cost more than a short run.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(RunReport))]
[JsonSerializable(typeof(ValidationReport))]
[JsonSerializable(typeof(CreatedFiles))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(CompletionScript))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    // Default would escape the > of "vcpu->vcpu" against browsers; nobody pastes this into a page unescaped.
    private static readonly ReportJson Shared = new(new(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static string Serialize(RunReport report) => JsonSerializer.Serialize(report, Shared.RunReport) + "\n";

    public static string Serialize(ValidationReport report) => JsonSerializer.Serialize(report, Shared.ValidationReport) + "\n";

    public static string Serialize(CreatedFiles files) => JsonSerializer.Serialize(files, Shared.CreatedFiles) + "\n";

    public static string Serialize(DoctorReport report) => JsonSerializer.Serialize(report, Shared.DoctorReport) + "\n";

    public static string Serialize(CompletionScript script) => JsonSerializer.Serialize(script, Shared.CompletionScript) + "\n";
}
