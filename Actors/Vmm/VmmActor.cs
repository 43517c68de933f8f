using Trapline.Actors.Devices;
using Trapline.Actors.Kernel;
using Trapline.Actors.Statistics;
using Trapline.Actors.Vmm.Migration;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Vmm;

/// <summary>
/// The user-space half of a virtual machine, as QEMU is one: makes the machine through KVM's interface, runs its vCPUs, and
/// serves what KVM_RUN returns with. This file has the messages and the start; the lock and the exits under it, and the
/// eventfds, are in the other parts of the class.
/// </summary>
public sealed partial class VmmActor : Actor
{
    private const int StartTimer = 0;
    private const int LockTimer = 1;

    private readonly IAddressMap _map;
    private readonly DevicePlacement _placement;
    private readonly VirtualTime _hold;
    private readonly BigLock _lock = new();
    private readonly MachineStart _start;
    private readonly MessageRoutes _routes;
    private readonly ActorAddress _boundary;

    /// <param name="machine">Number of the machine.</param>
    /// <param name="queues">How many eventfds it has, one for each queue of devices that signal them.</param>
    /// <param name="start">How it makes the machine.</param>
    /// <param name="map">Where its devices are.</param>
    /// <param name="placement">Whether the controllers are its own, and whether there is a lock.</param>
    /// <param name="hold">How long an access holds the lock, ioctls not included.</param>
    /// <param name="migration">What it has to know to migrate; null where the VM stays. One that may migrate starts at host 0.</param>
    public VmmActor(
        int machine, int queues, MachineStart start, IAddressMap map, DevicePlacement placement, VirtualTime hold, VmmMigration? migration = null)
        : base(new ActorAddress(machine, ActorRole.Vmm, 0), timerCount: migration is null ? 2 : 6)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(placement);
        _map = map;
        _placement = placement;
        _hold = hold;
        _start = start;
        _routes = new MessageRoutes(queues, start.Pins, start.Rules);
        _boundary = new ActorAddress(machine, ActorRole.Boundary, 0);
        _ownsVm = machine == 0 || migration is null;
        if (migration is not null)
        {
            _migration = migration;
            _source = new MigrationSource(machine, migration.Parts, migration.Table, migration.Plans, this);
            _destination = new MigrationDestination(machine, migration.Parts, migration.Table, migration.Plans, this);
        }
    }

    /// <summary>Of the big lock.</summary>
    public LockStatistics LockStatistics => _lock.Statistics;

    public override void Start()
    {
        if (_ownsVm)
        {
            ArmTimer(StartTimer, VirtualTime.Zero);
        }
    }

    protected override void Handle(in Message message)
    {
        if (!TryMigrate(in message))
        {
            Serve(in message);
        }

        GrantLock();
    }

    private void Serve(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.IocsrRead:
            case MessageKind.IocsrWrite:
            case MessageKind.MmioRead:
            case MessageKind.MmioWrite:
                ServeExit(in message);
                break;
            case MessageKind.UserHypercallArguments:
                break;
            case MessageKind.UserHypercall:
                // This VMM serves none: the result is the one that KVM has put there.
                Send(message.Source, MessageKind.AccessAnswer, ulong.MaxValue, 0, (ulong)ExitReasons.UserHypercall);
                break;
            case MessageKind.SystemEvent:
                // Off, or to be put together anew, which nobody does: the vCPU knows what that means for the run.
                Send(message.Source, MessageKind.AccessAnswer);
                break;
            case MessageKind.LockRequest:
            case MessageKind.EventfdReady:
                _lock.Ask(in message, Now);
                break;
            case MessageKind.LockRelease:
                CheckHolder(in message);
                Release(new VirtualTime((long)message.Word0), worked: message.Word1 == 0);
                break;
            case MessageKind.AccessAnswer:
                AccessDone(in message);
                break;
            case MessageKind.EventfdCount:
                DeliverMessage(in message);
                break;
            case MessageKind.InputAnswer:
                CheckHolder(in message);
                Release(_lock.Since + CostOf(in message, message.Word0).Time, worked: true);
                break;
            case MessageKind.MessageRoute:
                ChangeRoute(in message);
                break;
            case MessageKind.IoctlAnswer:
                IoctlDone(in message);
                break;
            case MessageKind.Inspect:
                Observer?.Inspected(this, in message);
                break;
            case MessageKind.Timer when message.Word0 == StartTimer:
                CallForStart();
                break;
            case MessageKind.Timer:
                break;
            default:
                throw Unexpected(in message);
        }
    }

    protected override void SyncRows(StateSync sync)
    {
        sync.Begin("start");
        _start.SyncState(sync);
        sync.End();
        sync.Begin("lock");
        _lock.SyncState(sync, this);
        sync.End();
        SyncRoutes(sync);
        SyncMigration(sync);
    }

    private void IoctlDone(in Message answer)
    {
        var result = (long)answer.Word0;
        if (IsOfMigration(in answer))
        {
            var isSource = _source!.IsActive;
            if (isSource)
            {
                _source.Answered((int)result, answer.Word1);
            }
            else
            {
                _destination!.Answered((int)result);
            }

            GoOnMigrating();
            return;
        }

        if (_destination is { IsEnding: true })
        {
            // A step of making what is not to be any more.
            _destination.Answered((int)result);
            GoOnMigrating();
            return;
        }

        if (result != 0 && !_start.IsDone && !_ownsVm)
        {
            _destination!.NotCreated((int)result);
            return;
        }

        if (result != 0)
        {
            throw new SimulationException($"{Address}: {(_start.IsDone ? "a change of interrupt routes" : _start.Name)} was refused by {answer.Source} at {Now} with errno {-result}");
        }

        if (_start.IsDone)
        {
            GoOnRouting();
        }
        else
        {
            _start.Answered();
            CallForStart();
        }
    }

    private void CallForStart()
    {
        _asking = CallOwner.Start;
        var isCalling = _start.TryCall(this);
        _asking = CallOwner.Migration;
        if (isCalling || _migration is null)
        {
            return;
        }

        if (_ownsVm)
        {
            BeginPlanned();
        }
        else
        {
            _destination!.Created();
        }
    }
}
