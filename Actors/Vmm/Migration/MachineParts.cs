using Trapline.Devices.Common.Kvm;
using Trapline.Messages;

namespace Trapline.Actors.Vmm.Migration;

/// <summary>The actors of a machine that a migration has to do with, in the order in which it turns to them. The same at both hosts, but for the host's number.</summary>
public sealed record MachineParts
{
    public required int Vcpus { get; init; }

    /// <summary>Homes of guest memory.</summary>
    public required IReadOnlyList<ActorAddress> Homes { get; init; }

    /// <summary>
    /// All that raises interrupts or carries them, sources before what they lead to: once each has come to rest in this order,
    /// nothing is on its way, for whoever calls waits for the answer.
    /// </summary>
    public required IReadOnlyList<ActorAddress> Interrupting { get; init; }

    /// <summary>Devices that the VM has in the kernel, whose files have to be closed.</summary>
    public required IReadOnlyList<KvmDeviceType> KernelDevices { get; init; }

    /// <summary>What has its state in the VMM.</summary>
    public required IReadOnlyList<ActorAddress> Sections { get; init; }

    /// <summary>What lives and ends with the VMM's process.</summary>
    public required IReadOnlyList<ActorAddress> OwnDevices { get; init; }
}
