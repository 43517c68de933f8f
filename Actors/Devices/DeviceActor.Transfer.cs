using Trapline.Actors.Kernel;
using Trapline.Actors.Statistics;
using Trapline.Devices.Common;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Devices;

/// <summary>
/// A device that is created and destroyed, comes to rest and goes on, and whose model goes out and in as a section, as
/// QEMU's vmstate does.
/// </summary>
/// <remarks>
/// At rest nothing waits, no call is open and no timer runs; what is asked of it is answered all the same. Its timers are on
/// QEMU_CLOCK_VIRTUAL, which stops with the VM: each keeps the span that was left of it. <see cref="FollowsHostClock"/> names
/// the exception.
/// </remarks>
public abstract partial class DeviceActor
{
    // Of each of the device's timers, at rest: what is left of it, or when it is due; never where it is not set.
    private readonly VirtualTime[] _held;
    private readonly SectionInput _input = new();
    private bool _restWanted;
    private bool _atRest;
    private ActorAddress _restAsker;

    // Timers that ran out and asked for the big lock, and have not got it.
    private int _lockRequests;

    // The VMM's process has ended: nobody is there.
    private bool _isGone;

    /// <summary>Timers go by the host's clock, which runs on while the VM is stopped: they keep the time at which they are due.</summary>
    protected virtual bool FollowsHostClock => false;

    /// <summary>The device itself has nothing left to be done by others.</summary>
    protected virtual bool IsSettled => true;

    /// <summary>The model's rows, without statistics and without what the actor keeps of messages.</summary>
    protected virtual void SyncModel(StateSync sync)
    {
    }

    /// <summary>A new model, as the constructor makes it.</summary>
    protected virtual void ResetModel()
    {
    }

    /// <summary>It is created, or destroyed with its VM or the VMM's process. Nobody's call is open.</summary>
    protected virtual void ChangeLife(bool exists)
    {
        _isGone = !exists;
        ResetModel();
    }

    /// <summary>A request that was on its way when the device was destroyed; it is answered, and does nothing.</summary>
    protected virtual void PerformGone(in Message request) => Complete(AccessOutcome.Done, 0, request.Kind switch
    {
        MessageKind.IocsrRead => ExitReasons.IocsrReadUser,
        MessageKind.IocsrWrite => ExitReasons.IocsrWriteUser,
        MessageKind.MmioRead => ExitReasons.MmioReadUser,
        _ => ExitReasons.MmioWriteUser,
    });

    private bool IsIdle => !IsServing && !_calling && !_granted && _lockRequests == 0 && _waiting.IsEmpty && _expired.IsEmpty && Now >= _freeAt;

    private void Serve(in Message request)
    {
        if (request.Kind == MessageKind.Life)
        {
            EndTransfer();
            ChangeLife(request.Word0 != 0);
            Observer?.Replaced(this);
        }
        else if (_isGone)
        {
            PerformGone(in request);
        }
        else
        {
            Perform(in request);
        }
    }

    private void TakeTransfer(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.Rest when message.Word0 != 0:
                (_restWanted, _restAsker) = (true, message.Source);
                break;
            case MessageKind.Rest:
                GoOn();
                break;
            case MessageKind.SectionGet when !_atRest:
                throw new SimulationException($"{Address} is asked by {message.Source} for its section at {Now}, but it is not at rest: send Rest first and await AtRest");
            case MessageKind.SectionGet:
                SendSection(message.Source);
                break;
            default:
                if (_input.Take(in message) is { } isWhole)
                {
                    var loaded = isWhole && IsIdle && TryLoad();
                    _input.Clear();
                    Send(message.Source, MessageKind.SectionLoaded, loaded ? 0 : unchecked((ulong)(long)Errno.InvalidArgument));
                }

                break;
        }
    }

    /// <summary>To be called after each message: what it waited for may have happened. A lock that is held for a time yet is waited for.</summary>
    private void ComeToRest()
    {
        if (!_restWanted)
        {
            return;
        }

        if (!IsServing && Now < _freeAt)
        {
            ArmTimer(StepTimer, _freeAt);
            return;
        }

        if (!IsIdle || !IsSettled)
        {
            return;
        }

        _restWanted = false;
        if (!_atRest)
        {
            _atRest = true;
            for (var timer = 0; timer < _held.Length; timer++)
            {
                Hold(timer, TimerDue(FirstDeviceTimer + timer));
                CancelTimer(FirstDeviceTimer + timer);
            }
        }

        Send(_restAsker, MessageKind.AtRest);
    }

    private void Hold(int timer, VirtualTime due) => _held[timer] = due.IsNever || FollowsHostClock ? due : due - Now;

    private void GoOn()
    {
        _restWanted = false;
        if (!_atRest)
        {
            return;
        }

        _atRest = false;
        for (var timer = 0; timer < _held.Length; timer++)
        {
            if (!_held[timer].IsNever)
            {
                ArmTimer(FirstDeviceTimer + timer, FollowsHostClock ? VirtualTime.Max(_held[timer], Now) : Now + _held[timer]);
            }

            _held[timer] = VirtualTime.Never;
        }
    }

    /// <summary>Of a device that is at rest, which one around a migration is.</summary>
    internal sealed override void SyncRegisters(StateSync sync) => SyncSection(sync);

    private void SyncSection(StateSync sync)
    {
        SyncModel(sync);
        for (var timer = 0; timer < _held.Length; timer++)
        {
            sync.Begin("timer", timer);
            sync.Row("left", ref _held[timer]);
            sync.End();
            if (sync.Loading && _held[timer] < VirtualTime.Zero)
            {
                throw new StateFormatException($"row 'left[{timer}]': {_held[timer].Picoseconds} ps are less than nothing");
            }
        }
    }

    private void SendSection(ActorAddress target)
    {
        foreach (var (word0, rows) in SectionInput.Messages(StateWords.Collect(SyncSection, SectionInput.MostRows)))
        {
            Send(target, MessageKind.SectionRows, word0, rows[0], rows[1], rows[2]);
        }
    }

    /// <summary>All or nothing. A device that has got its rows is at rest, whether it was or not: its timers run when the VM does.</summary>
    private bool TryLoad()
    {
        var before = StateWords.Collect(SyncSection);
        try
        {
            StateWords.Load(_input.Rows, SyncSection);
        }
        catch (StateFormatException)
        {
            StateWords.Load(before, SyncSection);
            return false;
        }

        _atRest = true;
        for (var timer = 0; timer < _held.Length; timer++)
        {
            CancelTimer(FirstDeviceTimer + timer);
        }

        Observer?.Replaced(this);
        return true;
    }

    private void EndTransfer()
    {
        (_restWanted, _atRest, _restAsker, _lockRequests) = (false, false, default, 0);
        _input.Clear();
        for (var timer = 0; timer < _held.Length; timer++)
        {
            ((IDeviceHost)this).CancelTimer(timer);
        }
    }

    /// <summary>Rows only where a VM may leave its host: other runs keep their digests.</summary>
    private void SyncTransfer(StateSync sync)
    {
        if (!IsMigratable)
        {
            return;
        }

        sync.Begin("transfer");
        sync.Row("gone", ref _isGone);
        sync.Row("restWanted", ref _restWanted);
        sync.Row("atRest", ref _atRest);
        sync.Row("restAsker", ref _restAsker);
        sync.Count("lockRequests", ref _lockRequests, _held.Length * 1024);
        for (var timer = 0; timer < _held.Length; timer++)
        {
            sync.Begin("held", timer);
            sync.Row("left", ref _held[timer]);
            sync.End();
        }

        _input.SyncState(sync);
        sync.End();
    }
}
