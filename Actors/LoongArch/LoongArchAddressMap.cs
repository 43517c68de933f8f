using Trapline.Actors.Devices;
using Trapline.Devices.Common.Serial;
using Trapline.Devices.Common.Sources;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Devices.LoongArch.Misc;
using Trapline.Devices.LoongArch.PchMsi;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Devices.LoongArch.Rtc;
using Trapline.Messages;

namespace Trapline.Actors.LoongArch;

/// <summary>
/// Which actor serves an address, on the IOCSR bus of one CPU and in memory-mapped space: QEMU's machine <c>virt</c>, with
/// devices of our own at the start of PCI memory. What no device covers from its first to its last byte is user
/// space's.
/// </summary>
public sealed class LoongArchAddressMap : IAddressMap
{
    public const ulong PchPicBase = 0x1000_0000;
    public const ulong RtcBase = 0x100D_0100;
    public const ulong UartBase = 0x1FE0_01E0;
    public const ulong DoorbellBase = 0x2FF0_0000;
    public const ulong MsiDeviceBase = 0x4000_0000;
    public const ulong LevelDeviceBase = 0x4002_0000;
    public const ulong PeerDoorbellBase = 0x4003_0000;

    private const ulong IdentificationEnd = 0x28;
    private const ulong MiscFunction = IocsrMiscRegisters.MiscFunction;

    private readonly int _machine;
    private readonly DevicePlacement _placement;
    private readonly ActorAddress _eiointc;
    private readonly ActorAddress _misc;
    private readonly Window[] _windows;

    /// <param name="machine">Number of the machine.</param>
    /// <param name="profile">Decides how far PCH-PIC reaches.</param>
    /// <param name="placement">Where the controllers are.</param>
    /// <param name="hasPeers">It has a doorbell device.</param>
    public LoongArchAddressMap(int machine, LoongArchProfile profile, DevicePlacement placement, bool hasPeers = false)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(placement);
        ActorAddress OnBoard(ActorRole role) => new(machine, role, 0);

        _machine = machine;
        _placement = placement;
        UserSpace = OnBoard(ActorRole.Vmm);
        _eiointc = OnBoard(ActorRole.Eiointc);
        _misc = OnBoard(ActorRole.Misc);
        _windows =
        [
            new(PchPicBase, profile.PicWindow, OnBoard(ActorRole.PchPic)),
            new(UartBase, Uart16550.WindowSize, OnBoard(ActorRole.Uart)),
            new(UartBase + UartActor.LineDriverOffset, LineDriverRegisters.End, OnBoard(ActorRole.Uart)),
            new(RtcBase, Ls7aRtc.WindowSize, OnBoard(ActorRole.Rtc)),
            new(DoorbellBase, PchMsi.WindowSize, OnBoard(ActorRole.PchMsi)),
            new(MsiDeviceBase, MsiDevice.WindowSize, OnBoard(ActorRole.MsiDevice)),
            new(LevelDeviceBase, LevelDevice.WindowSize, OnBoard(ActorRole.LevelDevice)),
            .. hasPeers ? [new Window(PeerDoorbellBase, DoorbellDevice.WindowSize, OnBoard(ActorRole.DoorbellDevice))] : Array.Empty<Window>(),
        ];
    }

    /// <inheritdoc/>
    public ActorAddress UserSpace { get; }

    /// <inheritdoc/>
    public bool IsInKernel(ActorAddress target) =>
        !_placement.ControllersInUserSpace && target.Role is (ActorRole.Ipi or ActorRole.Eiointc or ActorRole.PchPic);

    /// <inheritdoc/>
    public ActorAddress Enter(ActorAddress target) => IsInKernel(target) || _placement.BigLock == default ? target : UserSpace;

    /// <inheritdoc/>
    public ActorAddress FindIocsr(int vcpu, ulong address, int size) =>
        IpiUnit.Covers(address, size) ? new ActorAddress(_machine, ActorRole.Ipi, vcpu)
        : Eiointc.Covers(address, size) ? _eiointc
        : IsMisc(address, size) ? _misc
        : UserSpace;

    /// <inheritdoc/>
    public ActorAddress FindMmio(ulong address, int size)
    {
        foreach (ref readonly var window in _windows.AsSpan())
        {
            if (address >= window.Start && address - window.Start <= window.Bytes - (ulong)size)
            {
                return window.Device;
            }
        }

        return UserSpace;
    }

    private static bool IsMisc(ulong address, int size) =>
        address <= IdentificationEnd - (ulong)size || (address >= MiscFunction && address - MiscFunction <= sizeof(ulong) - (ulong)size);

    private readonly record struct Window(ulong Start, ulong Bytes, ActorAddress Device);
}
