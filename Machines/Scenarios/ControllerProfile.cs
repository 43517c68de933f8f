using System.Text.Json.Serialization;

namespace Trapline.Machines.Scenarios;

/// <summary>Whose behaviour the interrupt controllers have where implementations differ.</summary>
public enum ControllerProfile
{
    [JsonStringEnumMemberName("kvm")]
    Kvm,
}
