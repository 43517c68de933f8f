using Trapline.Actors.Memory;
using Trapline.Actors.Migration;
using Trapline.Devices.Common.Transfer;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Vmm.Migration;

/// <summary>
/// The source's half of a migration. This file has its rows, its beginning and its end; copying of pages, the stop, and the
/// switch are in the other parts of the class. Rows of the VMM's actor.
/// </summary>
/// <remarks>
/// Up to the moment at which the source lets go of the disk image the guest can go on where it is, and does, whatever fails.
/// From then on the image's lock decides.
/// </remarks>
internal sealed partial class MigrationSource(int host, MachineParts parts, StateTable table, IReadOnlyList<MigrationPlan> plans, IMigrationCalls calls)
{
    private const int MostResults = 1024;

    private static readonly MigrationPlan Asked = new() { At = VirtualTime.Zero };

    private readonly TransferStream _stream = new();
    private readonly TransferStream _stale = new();
    private readonly bool[] _ran = new bool[parts.Vcpus];
    private readonly bool[] _halted = new bool[parts.Vcpus];
    private SourcePhase _phase;

    // Which of the plans; past their end where a person asked.
    private int _number;

    // How many have begun here; what the other side says is about one of them.
    private int _ordinal;
    private int _index;

    // Answers that will still come.
    private int _awaited;
    private bool _destinationReady;
    private bool _linkDown;

    // The other side has closed the connection while the image was being let go.
    private bool _closed;
    private bool _guestStopped;

    // Of the VM since the guest was stopped, if it was read.
    private ulong _counter;
    private bool _hasCounter;
    private bool _readsCounter;

    // Of those that interrupt: so many rest, in their order.
    private int _resting;
    private MigrationRound _round;
    private int _dirty;
    private MigrationOutcome _outcome;

    public List<MigrationResult> Results { get; } = [];

    public bool IsActive => _phase != SourcePhase.Idle;

    /// <summary>The link is down: nothing that the other side sends arrives.</summary>
    public bool IsCutOff => _linkDown;

    /// <summary>How many migrations have begun here.</summary>
    public int Ordinal => _ordinal;

    private MigrationPlan Plan => _number < plans.Count ? plans[_number] : Asked;

    private MigrationResult Result => Results[^1];

    /// <summary>Begins.</summary>
    /// <param name="number">Of the plan.</param>
    /// <param name="asked">When it was to begin.</param>
    public void Begin(int number, VirtualTime asked)
    {
        if (Results.Count == MostResults)
        {
            Results.RemoveAt(0);
        }

        _number = number;
        _ordinal++;
        Results.Add(new MigrationResult { Asked = asked, Source = host, Target = 1 - host, RunsAt = host });
        (_destinationReady, _linkDown, _closed, _guestStopped, _resting, _dirty, _awaited) = (false, false, false, false, 0, 0, 0);
        (_hasCounter, _readsCounter) = (false, false);
        _stream.Clear();
        _stale.Clear();
        Array.Clear(_halted);
        if (!Enter(MigrationStep.Setup))
        {
            return;
        }

        _phase = SourcePhase.Preparing;
        TellAlive();
        AskHomes(DirtyLogOperation.Begin);
    }

    /// <summary>A person, or a plan, wants it cancelled. Too late once the image was let go.</summary>
    public void Cancel()
    {
        if (_phase is not (SourcePhase.Idle or SourcePhase.Releasing or SourcePhase.HandingOver or SourcePhase.Reclaiming
            or SourcePhase.Destroying or SourcePhase.GivingUp or SourcePhase.Resuming or SourcePhase.SettingCounter))
        {
            GiveUp(MigrationOutcome.Cancelled, null);
        }
    }

    /// <summary>A step took longer than the plan allows.</summary>
    public void TimedOut()
    {
        switch (_phase)
        {
            case SourcePhase.Idle or SourcePhase.Releasing or SourcePhase.Reclaiming or SourcePhase.Destroying or SourcePhase.GivingUp or SourcePhase.Resuming or SourcePhase.SettingCounter:
                break;
            case SourcePhase.HandingOver:
                Reclaim();
                break;
            default:
                GiveUp(MigrationOutcome.Failed, MigrationSide.Link);
                break;
        }
    }

    /// <summary>The other side has closed the connection, or its process is gone.</summary>
    public void LinkClosed()
    {
        if (_phase == SourcePhase.Releasing)
        {
            _closed = true;
        }
        else if (_phase == SourcePhase.HandingOver)
        {
            Result.Failed = MigrationSide.Destination;
            Reclaim();
        }
        else if (_phase is not (SourcePhase.Idle or SourcePhase.Reclaiming or SourcePhase.Destroying or SourcePhase.GivingUp or SourcePhase.Resuming or SourcePhase.SettingCounter))
        {
            GiveUp(MigrationOutcome.Failed, MigrationSide.Destination);
        }
    }

    /// <summary>The other host wants to send the VM back: so it has it, though this one was not told.</summary>
    public void PeerBegins()
    {
        if (_phase == SourcePhase.HandingOver)
        {
            Reclaim();
        }
    }

    /// <summary>The time for which <see cref="IMigrationCalls.WakeAt"/> was called.</summary>
    public void Wake()
    {
        switch (_phase)
        {
            case SourcePhase.ReadingStale or SourcePhase.Reading:
                ReadNext();
                break;
            case SourcePhase.Sending:
                RoundSent();
                break;
            case SourcePhase.Transferring:
                StateSent();
                break;
            case SourcePhase.Resuming when _hasCounter:
                _phase = SourcePhase.SettingCounter;
                calls.Call(in table[table.Counter], isSet: true, _counter);
                break;
            case SourcePhase.Resuming:
                RunAll();
                break;
        }
    }

    /// <summary>An ioctl was answered.</summary>
    public void Answered(int result, ulong value)
    {
        switch (_phase)
        {
            case SourcePhase.ReadingStale or SourcePhase.Reading:
                ValueRead(result, value);
                break;
            case SourcePhase.Destroying:
                DestroyNext();
                break;
            case SourcePhase.ReadingCounter:
                CounterRead(result, value);
                break;
            case SourcePhase.SettingCounter:
                _hasCounter = false;
                _phase = SourcePhase.Resuming;
                RunAll();
                break;
            case SourcePhase.GivingUp:
                (_counter, _hasCounter) = _readsCounter ? (value, result == 0) : (_counter, _hasCounter);
                _readsCounter = false;
                _awaited--;
                AnsweredWhileGivingUp();
                break;
            case SourcePhase.Rerunning when --_awaited == 0:
                BeginPrecopy();
                break;
            case SourcePhase.Resuming when --_awaited == 0:
                Finish(_outcome);
                break;
        }
    }

    public void SyncState(StateSync sync)
    {
        var phase = (byte)_phase;
        sync.RowBelow("phase", ref phase, (int)SourcePhase.SettingCounter + 1);
        _phase = (SourcePhase)phase;
        sync.Row("number", ref _number);
        sync.Row("ordinal", ref _ordinal);
        sync.Row("index", ref _index);
        sync.Row("awaited", ref _awaited);
        sync.Row("destinationReady", ref _destinationReady);
        sync.Row("linkDown", ref _linkDown);
        sync.Row("closed", ref _closed);
        sync.Row("guestStopped", ref _guestStopped);
        sync.Row("counter", ref _counter);
        sync.Row("hasCounter", ref _hasCounter);
        sync.Row("readsCounter", ref _readsCounter);
        sync.Count("resting", ref _resting, parts.Interrupting.Count);
        sync.Row("dirty", ref _dirty);
        var outcome = (byte)_outcome;
        sync.RowBelow("outcome", ref outcome, (int)MigrationOutcome.Failed + 1);
        _outcome = (MigrationOutcome)outcome;
        _round.SyncState(sync);
        for (var vcpu = 0; vcpu < parts.Vcpus; vcpu++)
        {
            sync.Begin("vcpu", vcpu);
            sync.Row("ran", ref _ran[vcpu]);
            sync.Row("halted", ref _halted[vcpu]);
            sync.End();
        }

        sync.Begin("stream");
        _stream.SyncState(sync);
        sync.End();
        sync.Begin("stale");
        _stale.SyncState(sync);
        sync.End();
        SyncResults(sync);
    }

    private void SyncResults(StateSync sync)
    {
        var count = Results.Count;
        sync.Count("results", ref count, MostResults);
        if (sync.Loading)
        {
            Results.Clear();
            Results.AddRange(Enumerable.Range(0, count).Select(_ => new MigrationResult()));
        }

        for (var i = 0; i < count; i++)
        {
            sync.Begin("result", i);
            Results[i].SyncState(sync);
            sync.End();
        }
    }

    /// <summary>A step begins; false if a planned failure has ended the migration with it.</summary>
    private bool Enter(MigrationStep step)
    {
        Result.Begin(step, calls.Now);
        calls.TimeOutAt(calls.Now + Plan.StepTimeout);
        if (step is MigrationStep.Precopy or MigrationStep.Stop or MigrationStep.Save or MigrationStep.Transfer)
        {
            TellAlive();
        }

        if (Plan.Failure is not { } failure || failure.Step != step)
        {
            return true;
        }

        switch (failure.Side)
        {
            case MigrationSide.Source when step < MigrationStep.Resume:
                GiveUp(MigrationOutcome.Failed, MigrationSide.Source);
                return false;
            case MigrationSide.Destination when step is MigrationStep.Precopy or MigrationStep.Stop or MigrationStep.Save or MigrationStep.Transfer:
                calls.PostToPeer(MessageKind.Kill, word3: (ulong)_ordinal);
                return true;
            case MigrationSide.Link when step is not (MigrationStep.Load or MigrationStep.Resume):
                _linkDown = true;
                return true;
            default:
                // The destination carries it out itself, at the beginning of its own step.
                return true;
        }
    }

    /// <summary>Asks the other side to take a VM, or says that this is going on: pages do not come by way of its VMM.</summary>
    private void TellAlive() => calls.PostToPeer(MessageKind.Incoming, (ulong)_number, (ulong)_ordinal, (ulong)calls.PlansFrom);

    private void Finish(MigrationOutcome outcome)
    {
        Result.Outcome = outcome;
        Result.EndedAt = calls.Now;
        (_phase, _linkDown) = (SourcePhase.Idle, false);
        _stream.Clear();
        _stale.Clear();
        calls.TimeOutAt(VirtualTime.Never);
    }

    private void AskHomes(DirtyLogOperation operation)
    {
        _awaited = parts.Homes.Count;
        foreach (var home in parts.Homes)
        {
            calls.Post(home, MessageKind.DirtyLog, (ulong)operation, new ActorAddress(1 - host, home.Role, home.Index).Value);
        }
    }

    /// <summary>How long the link is busy with so many bytes.</summary>
    private VirtualTime OnLink(long bytes) => new((long)((UInt128)bytes * VirtualTime.PerSecond / (ulong)Plan.Bandwidth));
}
