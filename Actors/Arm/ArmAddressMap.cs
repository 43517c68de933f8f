using Trapline.Actors.Devices;
using Trapline.Devices.Common.Serial;
using Trapline.Devices.Common.Sources;
using Trapline.Messages;

namespace Trapline.Actors.Arm;

/// <summary>
/// Which actor serves an address: QEMU's machine <c>virt</c> with GICv3 and an ITS (spec gicv3-its 12.2), with devices of our
/// own at the start of PCI memory. What no device covers from its first to its last byte is user space's.
/// </summary>
/// <remarks>
/// Of the two frames of a redistributor the one with LPIs and identification is the board's; the one with SGIs and PPIs is of
/// the vCPU whose redistributor it is, whoever accesses it.
/// </remarks>
public sealed class ArmAddressMap : IAddressMap
{
    public const ulong DistributorBase = 0x0800_0000;
    public const ulong ItsBase = 0x0808_0000;

    /// <summary>GITS_TRANSLATER: where devices write their messages.</summary>
    public const ulong Translater = ItsBase + 0x1_0040;

    /// <summary>Redistributors of the first <see cref="LowRedistributors"/> vCPUs.</summary>
    public const ulong RedistributorBase = 0x080A_0000;

    public const int LowRedistributors = 123;

    /// <summary>Redistributors of the vCPUs above, in the region that QEMU has for them where memory ends below it.</summary>
    public const ulong HighRedistributorBase = 0x40_0000_0000;

    /// <summary>From one redistributor to the next: two frames.</summary>
    public const ulong RedistributorStride = 2 * FrameBytes;

    /// <summary>A PL011; QEMU has nothing in the page after its own, where its line driver is.</summary>
    public const ulong UartBase = 0x0900_0000;
    public const ulong MsiDeviceBase = 0x1000_0000;
    public const ulong LevelDeviceBase = 0x1002_0000;
    public const ulong PeerDoorbellBase = 0x1003_0000;

    /// <summary>A frame of registers.</summary>
    public const ulong FrameBytes = 0x1_0000;

    /// <summary>Control and translation frame.</summary>
    private const ulong ItsBytes = 2 * FrameBytes;

    private readonly int _machine;
    private readonly int _vcpus;
    private readonly DevicePlacement _placement;
    private readonly ActorAddress _gic;
    private readonly Window[] _windows;

    /// <param name="machine">Number of the machine.</param>
    /// <param name="vcpus">How many it has: each has a redistributor.</param>
    /// <param name="placement">Whether there is a lock between vCPUs and the devices of user space; the GIC is in the kernel.</param>
    /// <param name="hasPeers">It has a doorbell device.</param>
    public ArmAddressMap(int machine, int vcpus, DevicePlacement placement, bool hasPeers = false)
    {
        ArgumentNullException.ThrowIfNull(placement);
        ActorAddress OnBoard(ActorRole role) => new(machine, role, 0);

        (_machine, _vcpus, _placement) = (machine, vcpus, placement);
        UserSpace = OnBoard(ActorRole.Vmm);
        _gic = OnBoard(ActorRole.Gic);
        _windows =
        [
            new(DistributorBase, FrameBytes, _gic),
            new(ItsBase, ItsBytes, _gic),
            new(UartBase, Pl011.WindowSize, OnBoard(ActorRole.Uart)),
            new(UartBase + Pl011Actor.LineDriverOffset, LineDriverRegisters.End, OnBoard(ActorRole.Uart)),
            new(MsiDeviceBase, MsiDevice.WindowSize, OnBoard(ActorRole.MsiDevice)),
            new(LevelDeviceBase, LevelDevice.WindowSize, OnBoard(ActorRole.LevelDevice)),
            .. hasPeers ? [new Window(PeerDoorbellBase, DoorbellDevice.WindowSize, OnBoard(ActorRole.DoorbellDevice))] : Array.Empty<Window>(),
        ];
    }

    /// <inheritdoc/>
    public ActorAddress UserSpace { get; }

    /// <summary>Where the redistributor of a vCPU begins: its first frame, the one of SGIs and PPIs follows it.</summary>
    public static ulong RedistributorOf(int vcpu) => vcpu < LowRedistributors
        ? RedistributorBase + ((ulong)vcpu * RedistributorStride)
        : HighRedistributorBase + ((ulong)(vcpu - LowRedistributors) * RedistributorStride);

    /// <summary>The redistributor that an address is in, and the offset from its first frame; false where none is.</summary>
    /// <param name="address">Guest physical.</param>
    /// <param name="vcpus">Of the machine.</param>
    /// <param name="vcpu">Whose redistributor it is.</param>
    /// <param name="offset">0 to <see cref="RedistributorStride"/> - 1; from <see cref="FrameBytes"/> on it is the frame of SGIs and PPIs.</param>
    public static bool TryFindRedistributor(ulong address, int vcpus, out int vcpu, out ulong offset)
    {
        var isHigh = address >= HighRedistributorBase;
        var distance = address - (isHigh ? HighRedistributorBase : RedistributorBase);
        var place = distance / RedistributorStride;
        var (first, count) = isHigh ? (LowRedistributors, vcpus - LowRedistributors) : (0, Math.Min(vcpus, LowRedistributors));
        var isOne = address >= RedistributorBase && count > 0 && place < (ulong)count;
        (vcpu, offset) = isOne ? (first + (int)place, distance % RedistributorStride) : (0, 0);
        return isOne;
    }

    /// <inheritdoc/>
    public bool IsInKernel(ActorAddress target) => target.Role is ActorRole.Gic or ActorRole.Vcpu;

    /// <inheritdoc/>
    public ActorAddress Enter(ActorAddress target) => IsInKernel(target) || _placement.BigLock == default ? target : UserSpace;

    /// <summary>ARM has no such bus.</summary>
    public ActorAddress FindIocsr(int vcpu, ulong address, int size) => UserSpace;

    /// <inheritdoc/>
    public ActorAddress FindMmio(ulong address, int size)
    {
        if (TryFindRedistributor(address, _vcpus, out var vcpu, out var offset))
        {
            return (offset % FrameBytes) + (ulong)size > FrameBytes ? UserSpace
                : offset < FrameBytes ? _gic
                : new ActorAddress(_machine, ActorRole.Vcpu, vcpu);
        }

        foreach (ref readonly var window in _windows.AsSpan())
        {
            if (address >= window.Start && address - window.Start <= window.Bytes - (ulong)size)
            {
                return window.Device;
            }
        }

        return UserSpace;
    }

    private readonly record struct Window(ulong Start, ulong Bytes, ActorAddress Device);
}
