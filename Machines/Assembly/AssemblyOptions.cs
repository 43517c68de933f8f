using Trapline.Actors.Guests;

namespace Trapline.Machines.Assembly;

/// <summary>What the machine and the scenario contribute to a guest.</summary>
public sealed record AssemblyOptions
{
    /// <summary>For which architecture a guest has to be; null if any will do.</summary>
    public GuestArchitecture? Architecture { get; init; }

    /// <summary>Number of vCPUs of the machine: the predefined constant <c>vcpus</c>.</summary>
    public required int VcpuCount { get; init; }

    /// <summary>Number of machines in the scenario: the predefined constant <c>machines</c>.</summary>
    public int MachineCount { get; init; } = 1;

    /// <summary>Values of <c>.param</c>s, as expressions of the guest language: <c>16</c>, <c>0x10</c>, <c>5us</c>, <c>vcpus - 1</c>.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Further predefined constants; the guest cannot redefine them. Not <c>vcpus</c>, <c>machines</c>, <c>percpu_size</c>.</summary>
    public IReadOnlyDictionary<string, long> Defines { get; init; } = new Dictionary<string, long>();
}
