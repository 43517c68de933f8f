using Trapline.Actors.Boundary;
using Trapline.Actors.Kernel;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Common.Kvm;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Machines.Tests.Guests.Arm;

/// <summary>
/// A program of user space that calls a VM with a GIC at drawn times: messages, wires, routes and eventfds while vCPUs run; now and then it stops all of them, saves,
/// restores and resets tables, writes registers of every kind, and lets them run again. In the end it may close the VM.
/// </summary>
/// <param name="seed">Of what is drawn.</param>
/// <param name="vcpus">Of the machine.</param>
/// <param name="closes">Whether it closes the VM, and in which round.</param>
internal sealed class HostileUser(ulong seed, int vcpus, int closes = -1) : Actor(new ActorAddress(0, ActorRole.Process, 0), timerCount: 1)
{
    private const int CallsWhileStopped = 30;

    private static readonly ActorAddress Boundary = new(0, ActorRole.Boundary, 0);

    private static readonly DeviceFile Gic = new(KvmDeviceType.GicV3, 0);
    private static readonly DeviceFile Its = new(KvmDeviceType.Its, 0);

    private static readonly ulong[] Places = [0x4200_0000, 0x4210_0000, 0x4211_0000, 0x4212_0000, 0x4213_0000, 0x4214_0000, 0x4fff_0000, 0x5000_0000, 0, 0xf_ffff_ffff_0000];

    private static readonly uint[] ItsRegisters = [0x0, 0x4, 0x80, 0x88, 0x90, 0x100, 0x108, 0x110, 0xffe8];

    private static readonly uint[] DistributorRegisters = [0x0, 0x8, 0x84, 0x104, 0x184, 0x204, 0x284, 0x304, 0x384, 0x420, 0x430, 0xc0c, 0x6180, 0x6184];

    private static readonly uint[] FrameRegisters = [0x0, 0x14, 0x70, 0x74, 0x78, 0x7c, 0x10080, 0x10100, 0x10200, 0x10300, 0x10380, 0x10400, 0x10c04];

    private ulong _draws;
    private uint _rounds;
    private uint _missing;
    private uint _left;
    private ulong _answers;

    /// <summary>Calls that were answered.</summary>
    public ulong Answers => _answers;

    public override void Start() => ArmTimer(0, VirtualTime.FromNanoseconds(30_000));

    protected override void Handle(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.Timer:
                Begin();
                return;
            case MessageKind.IoctlAnswer:
                _answers++;
                break;
            case MessageKind.RunStopped or MessageKind.InputAnswer:
                break;
            default:
                throw Unexpected(in message);
        }

        if (--_missing > 0)
        {
            return;
        }

        if (_left == 0)
        {
            ArmTimer(0, Now + VirtualTime.FromNanoseconds(1_000 + (long)Below(20_000)));
        }
        else if (--_left == 0)
        {
            for (var vcpu = 0; vcpu < vcpus; vcpu++)
            {
                Call(KvmIoctl.Run, (ulong)vcpu);
            }
        }
        else
        {
            CallAtRest();
        }
    }

    protected override void SyncRows(StateSync sync)
    {
        sync.Row("draws", ref _draws);
        sync.Row("rounds", ref _rounds);
        sync.Row("missing", ref _missing);
        sync.Row("left", ref _left);
        sync.Row("answers", ref _answers);
    }

    private void Begin()
    {
        if (_rounds++ == closes)
        {
            Call(Below(2) == 0 ? KvmIoctl.CloseVm : KvmIoctl.CloseDevice, device: Of(Gic, Its));
            return;
        }

        switch (Below(10))
        {
            case 0 or 1:
                _left = CallsWhileStopped;
                for (var vcpu = 0; vcpu < vcpus; vcpu++)
                {
                    Post(new ActorAddress(0, ActorRole.Vcpu, vcpu), MessageKind.StopRun);
                }

                break;
            case 2:
                Call(KvmIoctl.IrqLine, Of(0x0100_0030UL, 0x0100_0048UL, 0x0201_001bUL, 0x0100_0001UL, 0x01ff_0fffUL), Below(2));
                break;
            case 3:
                Route();
                break;
            case 4:
                Call(KvmIoctl.Irqfd, Below(4), Below(80), Below(3), (uint)Below(4));
                break;
            case 5:
                Post(new ActorAddress(0, ActorRole.Eventfd, (int)Below(4)), MessageKind.EventfdWrite, 1, 1);
                break;
            case 6:
                CallAtRest();
                break;
            default:
                var signal = IoctlMessage.Signal(new KvmMessage((uint)Below(24), Of(0x0809_0040UL, 0x0809_0040UL, 0x0808_0000UL, 0UL), (uint)Of(0UL, 1UL, 2UL, 8UL, 8UL, ulong.MaxValue), (uint)Of(1UL, 1UL, 0UL, 2UL)), 1);
                Post(Boundary, MessageKind.Ioctl, signal.Word0, signal.Word1, 0, signal.Word3);
                break;
        }
    }

    private void Route()
    {
        var count = (int)Below(5);
        for (var i = 0; i < count; i++)
        {
            var route = new GsiRoute((uint)Below(80), (GsiRouteKind)Of(1UL, 2UL, 2UL, 3UL), 0, (uint)Below(80), (uint)Below(2), Of(0x0809_0040UL, 0x4000UL), (uint)Of(0UL, 8UL, 9UL));
            var (word0, word1, word2, word3) = IoctlMessage.Entry(in route);
            Send(Boundary, MessageKind.RoutingEntry, word0, word1, word2, word3);
        }

        Call(KvmIoctl.SetGsiRouting, (ulong)count);
    }

    private void CallAtRest()
    {
        var ioctl = Of(KvmIoctl.SetDeviceAttribute, KvmIoctl.SetDeviceAttribute, KvmIoctl.GetDeviceAttribute, KvmIoctl.HasDeviceAttribute);
        var value = Below(3) == 0 ? Below(256) : Of(Places) | (Below(8) << 61) | Below(0x400);
        switch (Below(8))
        {
            case 0 or 1:
                Call(ioctl, Of(0UL, 1UL, 1UL, 2UL, 2UL, 4UL), value, 8, GicAttributes.Control, Its);
                break;
            case 2:
                Call(KvmIoctl.SetDeviceAttribute, Of(0UL, 3UL), value, 8, GicAttributes.Control, Gic);
                break;
            case 3 or 4:
                Call(ioctl, Of(ItsRegisters), value, 8, GicAttributes.ItsRegisters, Its);
                break;
            case 5:
                Call(ioctl, Of(DistributorRegisters), value, 8, GicAttributes.DistributorRegisters, Gic);
                break;
            case 6:
                Call(ioctl, (Below((ulong)vcpus) << 32) | Of(FrameRegisters), value, 8, GicAttributes.RedistributorRegisters, Gic);
                break;
            default:
                Call(ioctl, (Below((ulong)vcpus) << 32) | Of(0xc230UL, 0xc643UL, 0xc663UL, 0xc667UL, 0xc6c8UL, 0x20UL, 0x40UL), value, 8, Of<uint>(GicAttributes.CpuRegisters, GicAttributes.LevelInfo), Gic);
                break;
        }
    }

    private void Call(KvmIoctl ioctl, ulong first = 0, ulong second = 0, ulong third = 0, uint upper = 0, DeviceFile device = default) =>
        Post(Boundary, MessageKind.Ioctl, IoctlMessage.Head(ioctl, upper, device), first, second, third);

    private void Post(ActorAddress target, MessageKind kind, ulong word0 = 0, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0)
    {
        _missing++;
        Send(target, kind, word0, word1, word2, word3);
    }

    private ulong Below(ulong limit) => CounterRandom.DrawBelow(limit, seed, Address, RandomPurpose.Guest, _draws++);

    private T Of<T>(params T[] values) => values[Below((ulong)values.Length)];
}
