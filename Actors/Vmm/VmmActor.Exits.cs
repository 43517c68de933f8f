using Trapline.Actors.Devices;
using Trapline.Actors.Kernel;
using Trapline.Actors.Statistics;
using Trapline.Devices.Common;
using Trapline.Messages;

namespace Trapline.Actors.Vmm;

/// <summary>
/// KVM_RUN of a vCPU returns with an access, which its thread takes to the device that is mapped there, under the big lock;
/// where nothing is mapped reads give 0 and writes are ignored.
/// </summary>
/// <remarks>
/// The thread of a vCPU, that of a device's timer, and the main loop that an eventfd woke hold the lock while the device works
/// and while the ioctls that it makes take their time. The part of an access that is spent under the lock without them is a
/// cost of its own, contained in that of the access.
/// </remarks>
public sealed partial class VmmActor
{
    private bool Locks => _placement.BigLock == Address;

    private void ServeExit(in Message access)
    {
        if (Locks)
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
            switch (holder.Kind)
            {
                case MessageKind.LockRequest:
                    Send(holder.Source, MessageKind.LockGrant);
                    break;
                case MessageKind.EventfdReady:
                    Send(holder.Source, MessageKind.EventfdRead);
                    break;
                default:
                    EnterDevice(in holder);
                    break;
            }
        }

        if (_lock.IsWanted && !_lock.IsHeld)
        {
            ArmTimer(LockTimer, _lock.FreeAt);
        }
    }

    private void EnterDevice(in Message access)
    {
        var width = RegisterAccess.Width(in access);
        var device = access.Kind is MessageKind.IocsrRead or MessageKind.IocsrWrite
            ? _map.FindIocsr(access.Source.Index, access.Word0, width)
            : _map.FindMmio(access.Word0, width);
        if (device == Address || _map.IsInKernel(device))
        {
            AnswerNothing(in access, Now - access.Due);
            Release(Now, worked: true);
            return;
        }

        Send(device, access.Kind, access.Word0, RegisterAccess.OnBehalfOf(access.Source.Index, width), access.Word2, access.Word3);
    }

    /// <summary>The access costs what the device says, and the wait for the lock.</summary>
    private void AccessDone(in Message answer)
    {
        CheckHolder(in answer);
        ref readonly var access = ref _lock.Holder;
        var cost = CostOf(in answer, answer.Word1);
        var wait = CallCost.Of(_lock.Since - access.Due);
        Send(access.Source, MessageKind.AccessAnswer, answer.Word0, (cost + wait).Packed, answer.Word2, answer.Word3);
        Release(_lock.Since + cost.Time, worked: true);
    }

    private void Release(VirtualTime freeAt, bool worked) =>
        _lock.Release(VirtualTime.Max(Now, worked && Locks ? freeAt + _hold : freeAt));

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
