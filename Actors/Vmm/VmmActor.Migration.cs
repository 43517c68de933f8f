using Trapline.Actors.Kernel;
using Trapline.Actors.Migration;
using Trapline.Actors.Vmm.Migration;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Vmm;

/// <summary>
/// Migration between two hosts. Each has a VMM: the one that runs the VM can be a source, the other one, which waits as
/// QEMU does with <c>-incoming</c>, a destination.
/// </summary>
public sealed partial class VmmActor : IMigrationCalls, IMigrationHistory
{
    private const int WakeTimer = 2;
    private const int TimeOutTimer = 3;
    private const int PlanTimer = 4;
    private const int CancellationTimer = 5;
    private const int UsedShift = 32;
    private const int AssignedShift = 33;
    private const int OwnerLimit = 4096;

    private readonly VmmMigration? _migration;
    private readonly MigrationSource? _source;
    private readonly MigrationDestination? _destination;

    // For what the ioctls were made that are not answered yet, in the order of asking.
    private readonly List<byte> _owners = [];
    private int _vcpuCalls;
    private CallOwner _asking = CallOwner.Migration;
    private bool _ownsVm;
    private int _nextPlan;

    /// <summary>What became of the migrations that began here.</summary>
    public IReadOnlyList<MigrationResult> Migrations => _source?.Results ?? [];

    /// <summary>This host runs the VM, or is making it; never both hosts, but for the time in which the image changes hands.</summary>
    public bool OwnsVm => _ownsVm;

    private ActorAddress Peer => new(1 - Address.Machine, ActorRole.Vmm, 0);

    private MigrationPlan? Next => _migration is not null && _nextPlan < _migration.Plans.Count ? _migration.Plans[_nextPlan] : null;

    private void SetTimer(int timer, VirtualTime at)
    {
        if (at.IsNever)
        {
            CancelTimer(timer);
        }
        else
        {
            ArmTimer(timer, VirtualTime.Max(at, Now));
        }
    }

    /// <summary>Notes for what an ioctl is made; only where there is more than one reason.</summary>
    private void Owe()
    {
        if (_migration is null)
        {
            return;
        }

        if (_owners.Count == OwnerLimit)
        {
            throw new SimulationException($"{Address} has {OwnerLimit} ioctls open at {Now}");
        }

        _owners.Add((byte)_asking);
    }

    /// <summary>Whether the ioctl that was answered is of a migration; any other goes the way of a machine that never migrates.</summary>
    private bool IsOfMigration(in Message answer)
    {
        if (_migration is null)
        {
            return false;
        }

        if (answer.Source.Role == ActorRole.Vcpu)
        {
            _vcpuCalls--;
            return true;
        }

        if (_owners.Count == 0)
        {
            throw new SimulationException($"{Address} gets an answer at {Now} to an ioctl that it did not make: {answer}");
        }

        var owner = (CallOwner)_owners[0];
        _owners.RemoveAt(0);
        return owner == CallOwner.Migration;
    }

    /// <summary>Begins what is planned for now, or sees to it that this is asked again then.</summary>
    private void BeginPlanned()
    {
        if (Next is not { } plan || !_ownsVm || !_start.IsDone || _source!.IsActive || _destination!.IsActive)
        {
            return;
        }

        if (plan.At > Now)
        {
            ArmTimer(PlanTimer, plan.At);
            return;
        }

        BeginMigration(_nextPlan++, plan.At, plan.CancelAt);
    }

    private void BeginMigration(int number, VirtualTime asked, VirtualTime? cancelAt)
    {
        SetTimer(CancellationTimer, cancelAt ?? VirtualTime.Never);
        _source!.Begin(number, asked);
    }

    /// <summary>What a person asks for; while nothing can be done about it, nothing is.</summary>
    private void Asked(bool isCancellation)
    {
        if (isCancellation)
        {
            _source!.Cancel();
        }
        else if (_ownsVm && _start.IsDone && !_source!.IsActive && !_destination!.IsActive)
        {
            BeginMigration(_migration!.Plans.Count, Now, cancelAt: null);
        }
    }

    /// <summary>A message that has to do with migration; false if it has not.</summary>
    private bool TryMigrate(in Message message)
    {
        if (_source is null || _destination is null)
        {
            return false;
        }

        // A new connection is not the one that is down.
        var isCutOff = message.Source == Peer && message.Kind != MessageKind.Incoming && (_source.IsCutOff || _destination.IsCutOff);
        if (!isCutOff && !TryServe(in message, _source, _destination))
        {
            return false;
        }

        GoOnMigrating();
        return true;
    }

    /// <summary>What waits for the end of a migration begins with it.</summary>
    private void GoOnMigrating()
    {
        if (_migration is null || _source!.IsActive)
        {
            return;
        }

        _destination!.BeginNext();
        BeginPlanned();
    }

    private bool TryServe(in Message message, MigrationSource source, MigrationDestination destination)
    {
        switch (message.Kind)
        {
            case MessageKind.Migrate:
                Asked(message.Word0 == 1);
                return true;
            case MessageKind.DirtyPages:
                source.DirtyPages(in message);
                return true;
            case MessageKind.RunStopped:
                source.RunStopped(message.Source.Index, message.Word0 != 0);
                return true;
            case MessageKind.AtRest when source.IsActive:
                source.AtRest();
                return true;
            case MessageKind.AtRest:
                destination.AtRest();
                return true;
            case MessageKind.SectionRows:
                source.SectionRows(in message);
                return true;
            case MessageKind.SectionLoaded:
                destination.SectionLoaded((int)(long)message.Word0);
                return true;
            case MessageKind.ImageAnswer when source.IsActive:
                source.ImageAnswer((int)(long)message.Word0);
                return true;
            case MessageKind.ImageAnswer:
                destination.ImageAnswer((int)(long)message.Word0);
                return true;
            case MessageKind.Timer when message.Word0 >= WakeTimer:
                RingTimer((int)message.Word0, source, destination);
                return true;
            default:
                return message.Source == Peer && TryServePeer(in message, source, destination);
        }
    }

    private bool TryServePeer(in Message message, MigrationSource source, MigrationDestination destination)
    {
        var ordinal = (int)message.Word3;
        switch (message.Kind)
        {
            case MessageKind.Incoming:
                source.PeerBegins();
                destination.Incoming((int)message.Word0, (int)message.Word1, (int)Math.Min(message.Word2, (ulong)_migration!.Plans.Count));
                return true;
            case MessageKind.IncomingReady or MessageKind.StateLoaded or MessageKind.HandoverDone when ordinal != source.Ordinal:
                // Of a migration that was given up.
                return true;
            case MessageKind.IncomingReady:
                source.IncomingReady((int)(long)message.Word0);
                return true;
            case MessageKind.StateValues:
                destination.Receive(in message);
                return true;
            case MessageKind.StateEnd:
                destination.ReceiveEnd(message.Word0);
                return true;
            case MessageKind.StateLoaded:
                source.StateLoaded((int)(long)message.Word0, (byte)message.Word1);
                return true;
            case MessageKind.Handover:
                destination.Handover();
                return true;
            case MessageKind.HandoverDone:
                source.HandoverDone(message.Word0 == 1, new VirtualTime((long)message.Word1), new VirtualTime((long)message.Word2));
                return true;
            case MessageKind.LinkClosed when message.Word0 == 1:
                destination.LinkClosed(ordinal);
                return true;
            case MessageKind.LinkClosed:
                if (ordinal == source.Ordinal)
                {
                    source.LinkClosed();
                }

                return true;
            case MessageKind.Kill:
                destination.Kill(ordinal);
                return true;
            default:
                return false;
        }
    }

    private static void RingTimer(int timer, MigrationSource source, MigrationDestination destination)
    {
        switch (timer)
        {
            case WakeTimer:
                source.Wake();
                destination.Wake();
                break;
            case TimeOutTimer:
                source.TimedOut();
                destination.TimedOut();
                break;
            case CancellationTimer:
                source.Cancel();
                break;
        }
    }

    private void SyncMigration(StateSync sync)
    {
        if (_source is null || _destination is null)
        {
            return;
        }

        sync.Begin("migration");
        sync.List("owners", "owner", _owners, OwnerLimit, static (StateSync rows, ref byte owner) => rows.RowBelow("reason", ref owner, (int)CallOwner.Migration + 1));
        sync.Count("vcpuCalls", ref _vcpuCalls, OwnerLimit);
        sync.Row("ownsVm", ref _ownsVm);
        sync.Count("nextPlan", ref _nextPlan, _migration!.Plans.Count);
        _source.SyncState(sync);
        sync.Begin("destination");
        _destination.SyncState(sync);
        sync.End();
        sync.End();
        _start.RunsVcpus = _ownsVm;
    }
}
