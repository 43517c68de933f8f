using System.Text.Json.Serialization;

namespace Trapline.Host.Doctor;

/// <summary>What a check found.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CheckStatus>))]
internal enum CheckStatus
{
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>Something will be slower or is missing for a few uses.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>Something needed is missing.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}
