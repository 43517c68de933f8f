using Trapline.Actors.Devices;
using Trapline.Actors.Kernel;
using Trapline.Actors.LoongArch;
using Trapline.Actors.Statistics;
using Trapline.Devices.Common;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Vmm;

/// <summary>
/// The user-space half of a virtual machine, as QEMU is one: KVM_RUN of a vCPU returns to it with an access, which it
/// takes to the device that is mapped there, under its big lock; where nothing is mapped reads give 0 and writes are ignored.
/// </summary>
/// <remarks>
/// The thread of a vCPU, and that of a device's timer, hold the lock while the device works and while the ioctls that it
/// makes take their time. The part of an access that is spent under the lock without them is a cost of its own, contained
/// in that of the access.
/// </remarks>
public sealed class VmmActor : Actor
{
    private const int LockTimer = 0;

    private readonly LoongArchAddressMap _map;
    private readonly bool _locks;
    private readonly VirtualTime _hold;
    private readonly BigLock _lock = new();

    /// <param name="machine">Number of the machine.</param>
    /// <param name="map">Where its devices are.</param>
    /// <param name="placement">Whether there is a lock.</param>
    /// <param name="hold">How long an access holds it, ioctls not included.</param>
    public VmmActor(int machine, LoongArchAddressMap map, DevicePlacement placement, VirtualTime hold)
        : base(new ActorAddress(machine, ActorRole.Vmm, 0), timerCount: 1)
    {
        ArgumentNullException.ThrowIfNull(placement);
        _map = map;
        _locks = placement.BigLock == Address;
        _hold = hold;
    }

    /// <summary>Of the big lock.</summary>
    public LockStatistics LockStatistics => _lock.Statistics;

    protected override void Handle(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.IocsrRead:
            case MessageKind.IocsrWrite:
            case MessageKind.MmioRead:
            case MessageKind.MmioWrite:
                ServeExit(in message);
                break;
            case MessageKind.LockRequest:
                _lock.Ask(in message, Now);
                break;
            case MessageKind.LockRelease:
                CheckHolder(in message);
                Release(new VirtualTime((long)message.Word0), message.Word1 == 0);
                break;
            case MessageKind.AccessAnswer:
                AccessDone(in message);
                break;
            case MessageKind.Timer:
                break;
            default:
                throw Unexpected(in message);
        }

        GrantLock();
    }

    protected override void SyncRows(StateSync sync) => _lock.SyncState(sync);

    private void ServeExit(in Message access)
    {
        if (_locks)
        {
            _lock.Ask(in access, Now);
            return;
        }

        // Without a lock vCPUs turn to the devices themselves; what comes here is mapped nowhere.
        AnswerNothing(in access, VirtualTime.Zero);
    }

    private void GrantLock()
    {
        while (_lock.TryGrant(Now))
        {
            ref readonly var holder = ref _lock.Holder;
            if (holder.Kind == MessageKind.LockRequest)
            {
                Send(holder.Source, MessageKind.LockGrant);
            }
            else if (Find(in holder) is { } device)
            {
                Send(device, holder.Kind, holder.Word0, RegisterAccess.OnBehalfOf(holder.Source.Index, RegisterAccess.Width(in holder)), holder.Word2, holder.Word3);
            }
            else
            {
                AnswerNothing(in holder, Now - holder.Due);
                Release(Now, worked: true);
            }
        }

        if (_lock.IsWanted && !_lock.IsHeld)
        {
            ArmTimer(LockTimer, _lock.FreeAt);
        }
    }

    /// <summary>The device that user space has at the address; null where it has none, or only the kernel does.</summary>
    private ActorAddress? Find(in Message access)
    {
        var width = RegisterAccess.Width(in access);
        var device = access.Kind is MessageKind.IocsrRead or MessageKind.IocsrWrite
            ? _map.FindIocsr(access.Source.Index, access.Word0, width)
            : _map.FindMmio(access.Word0, width);
        return device == Address || _map.IsInKernel(device) ? null : device;
    }

    /// <summary>The access costs what the device says, and the wait for the lock.</summary>
    private void AccessDone(in Message answer)
    {
        CheckHolder(in answer);
        ref readonly var access = ref _lock.Holder;
        var wait = (ulong)(_lock.Since - access.Due).Picoseconds;
        Send(access.Source, MessageKind.AccessAnswer, answer.Word0, answer.Word1 + wait, answer.Word2, answer.Word3);
        Release(_lock.Since + new VirtualTime((long)answer.Word1), worked: true);
    }

    private void Release(VirtualTime freeAt, bool worked) =>
        _lock.Release(VirtualTime.Max(Now, worked ? freeAt + _hold : freeAt));

    private void AnswerNothing(in Message access, VirtualTime wait)
    {
        var isWrite = access.Kind is MessageKind.IocsrWrite or MessageKind.MmioWrite;
        var reason = access.Kind switch
        {
            MessageKind.IocsrRead => ExitReasons.IocsrReadUser,
            MessageKind.IocsrWrite => ExitReasons.IocsrWriteUser,
            MessageKind.MmioRead => ExitReasons.MmioReadUser,
            _ => ExitReasons.MmioWriteUser,
        };
        Trace?.Access(Now, Address, in access, isWrite);
        Trace?.Served(Now, Address);
        Send(access.Source, MessageKind.AccessAnswer, 0, (ulong)wait.Picoseconds, (ulong)reason, (ulong)AccessOutcome.Done);
    }

    private void CheckHolder(in Message message)
    {
        if (!_lock.IsHeld)
        {
            throw new SimulationException($"{Address} is told at {Now} of work under its lock, which nobody holds: {message}");
        }
    }
}
