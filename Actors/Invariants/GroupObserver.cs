using Trapline.Actors.Arm;
using Trapline.Actors.Kernel;
using Trapline.Actors.LoongArch;
using Trapline.Actors.Vcpus;
using Trapline.Devices.Common;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Invariants;

/// <summary>
/// Watches over the invariants of one group: sees each message that its actors send and get, and what their devices report,
/// and nothing else. It is told while the group runs and changes nothing, but for the end of a run in which something was
/// violated.
/// </summary>
/// <remarks>
/// Every judgement is about one instant, when all that happens at it has happened, or about one message: so its time is no
/// window's. What crosses groups is judged by the side that sends: it knows when its call can have arrived.
/// </remarks>
public sealed class GroupObserver
{
    /// <summary>Violations that are kept; later ones follow from the first as often as not.</summary>
    public const int MostKept = 16;

    /// <summary>Of a group: a migration there and back inspects each of its actors four times.</summary>
    private const int MostInspections = 1024;

    private readonly Group _group;
    private readonly ActorDirectory _directory;
    private readonly ActorWatch?[] _watches;
    private readonly OpenCall[] _calls;
    private readonly ArrivalOrder _order;
    private readonly LifeRing _ring;
    private readonly List<CpuWatch> _unsettled = [];
    private readonly List<Violation> _violations = [];
    private readonly List<Inspection> _inspections = [];

    // Of the interrupt with which the message at hand has to do: what a device reports meanwhile belongs to it.
    private VirtualTime _origin = VirtualTime.Never;

    internal GroupObserver(Group group, ActorDirectory directory)
    {
        _group = group;
        _directory = directory;
        _watches = [.. group.Actors.Select(Watch)];
        _calls = new OpenCall[group.Actors.Count * MessageForms.AnswerKinds];
        _order = new ArrivalOrder(group.Actors.Count);
        _ring = new LifeRing(group.Actors.Count);
    }

    /// <summary>The first that were found, in the order of time.</summary>
    public IReadOnlyList<Violation> Violations => _violations;

    /// <summary>Registers around migrations, in the order of time: of the first migrations, if there are many.</summary>
    public IReadOnlyList<Inspection> Inspections => _inspections;

    /// <summary>Messages that carry interrupts, sent by this group's actors: calls, and rings of doorbells.</summary>
    public long InterruptsSent { get; private set; }

    /// <summary>Messages that carry interrupts, arrived at this group's actors.</summary>
    public long InterruptsArrived { get; private set; }

    /// <summary>Something is to be judged once this instant is over.</summary>
    internal bool Unsettled => _unsettled.Count > 0;

    /// <summary>The last events of the group, in the order in which they happened.</summary>
    public IEnumerable<LifeEvent> Events() => _ring.Events();

    /// <summary>Calls that are open now.</summary>
    public IEnumerable<OpenCall> OpenCalls() => _calls.Where(call => call.Count > 0);

    /// <summary>A device reports what happened in it.</summary>
    /// <param name="device">The device's actor.</param>
    /// <param name="report">What it says.</param>
    public void Reported(Actor device, in DeviceReport report)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (report.Kind is ReportKind.NestedAccess or ReportKind.Refused)
        {
            return;
        }

        if (_watches[device.Slot] is { } watch)
        {
            _ring.Add(new LifeEvent(_group.Now, device.Address.Role == ActorRole.Vcpu ? VirtualTime.Never : _origin, device.Address, default, watch is ArmVcpuWatch or GicWatch ? LifeEventKind.InterruptReport : LifeEventKind.Report, (byte)report.Kind, (ushort)report.Line, (uint)report.Detail));
            watch.Reported(in report);
        }
    }

    /// <summary>A vCPU was kicked.</summary>
    /// <param name="vcpu">Which.</param>
    /// <param name="phase">What it did then.</param>
    public void Kicked(VcpuActor vcpu, VcpuPhase phase)
    {
        ArgumentNullException.ThrowIfNull(vcpu);
        _ring.Add(new LifeEvent(_group.Now, VirtualTime.Never, vcpu.Address, default, LifeEventKind.Kick, (byte)phase, 0, 0));
    }

    /// <summary>A vCPU went to sleep.</summary>
    public void Slept(VcpuActor vcpu)
    {
        ArgumentNullException.ThrowIfNull(vcpu);
        _ring.Add(new LifeEvent(_group.Now, VirtualTime.Never, vcpu.Address, default, LifeEventKind.Asleep, 0, 0, 0));
        SettleLater((CpuWatch)_watches[vcpu.Slot]!);
    }

    /// <summary>User space replaced the state of a device through an interface that makes no reports.</summary>
    public void Replaced(Actor device)
    {
        ArgumentNullException.ThrowIfNull(device);
        _watches[device.Slot]?.Forget();
    }

    /// <summary>A migration is at a point at which nothing may have changed since the other one.</summary>
    /// <param name="actor">Whose registers are looked at.</param>
    /// <param name="request">The <see cref="MessageKind.Inspect"/>.</param>
    public void Inspected(Actor actor, in Message request)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (_inspections.Count == MostInspections)
        {
            return;
        }

        var lister = new StateLister();
        actor.SyncRegisters(lister);
        var inspection = new Inspection
        {
            At = _group.Now,
            Actor = actor.Address,
            IsAfter = request.Word0 == 1,
            Source = (int)request.Word1,
            Ordinal = (int)request.Word2,
        };
        inspection.Rows.AddRange(lister.Rows);
        _inspections.Add(inspection);
    }

    /// <summary>State was loaded into the whole group.</summary>
    internal void Forget()
    {
        foreach (var watch in _watches)
        {
            watch?.Forget();
        }

        Array.Clear(_calls);
        _order.Forget();
        _unsettled.Clear();
        _violations.Clear();
        _inspections.Clear();

        // What is on its way counts as sent here: so sent, arrived and waiting add up over all groups, as they did before.
        (InterruptsSent, InterruptsArrived) = (_group.Queue.Waiting().Count(message => MessageForms.CarriesInterrupt(message.Kind)), 0);
    }

    /// <summary>An actor has sent a message, whatever becomes of it.</summary>
    /// <param name="message">With the time at which it is due to arrive.</param>
    /// <param name="slot">Of the sender.</param>
    /// <param name="isLocal">The target is in this group.</param>
    internal void Sent(in Message message, int slot, bool isLocal)
    {
        var form = MessageForms.Of(message.Kind);
        if (MessageForms.IsCall(form))
        {
            var carriesInterrupt = MessageForms.CarriesInterrupt(form);
            _calls[(slot * MessageForms.AnswerKinds) + MessageForms.AnswerIndex(form)].Open(in message, _group.Now, isLocal, carriesInterrupt);
            if (carriesInterrupt)
            {
                InterruptsSent++;
                _watches[slot]?.Sent(in message);
                if (!isLocal)
                {
                    _ring.Add(LifeEvent.Of(LifeEventKind.Sent, _group.Now, message.Source, message.Target, in message));
                }
            }
            else if (message.Kind == MessageKind.InterruptRecall)
            {
                _watches[slot]?.Sent(in message);
            }
        }
        else if (MessageForms.IsAnswer(form))
        {
            _watches[slot]?.Sent(in message);
        }
        else if (MessageForms.CarriesInterrupt(form))
        {
            // A post: nobody waits for it, so that it is missed only when all that was sent is counted.
            InterruptsSent++;
            _ring.Add(LifeEvent.Of(LifeEventKind.Sent, _group.Now, message.Source, message.Target, in message));
        }
    }

    /// <summary>A message is about to be handled.</summary>
    /// <param name="message">The message.</param>
    /// <param name="slot">Of the target.</param>
    internal void Received(in Message message, int slot)
    {
        var form = MessageForms.Of(message.Kind);
        _origin = VirtualTime.Never;
        if (IsOfOwnership(in message))
        {
            _watches[slot]?.Received(in message);
        }

        if (MessageForms.IsAnswer(form))
        {
            Answered(in message, ref _calls[(slot * MessageForms.AnswerKinds) + MessageForms.AnswerIndex(form)]);
        }
        else if (MessageForms.IsCall(form))
        {
            if (_directory.TryFind(message.Source.Original, out var source) && source.Group == _group.Index)
            {
                _calls[(source.Slot * MessageForms.AnswerKinds) + MessageForms.AnswerIndex(form)].Arrived = true;
            }

            if (MessageForms.CarriesInterrupt(form))
            {
                InterruptArrived(in message, slot);
            }
        }
        else if (MessageForms.CarriesInterrupt(form))
        {
            InterruptArrived(in message, slot);
        }
    }

    /// <summary>Carries no interrupt, but changes who has one, or which are active at a CPU.</summary>
    private static bool IsOfOwnership(in Message message) =>
        message.Kind is MessageKind.InterruptRecall or MessageKind.InterruptRecalled or MessageKind.InterruptRelease
        || (message.Kind == MessageKind.MmioWrite && message.Target.Role == ActorRole.Vcpu);

    /// <summary>Judges the instant that has just ended.</summary>
    internal void Settle()
    {
        for (var i = 0; i < _unsettled.Count; i++)
        {
            _unsettled[i].Settle();
        }

        _unsettled.Clear();
    }

    internal void SettleLater(CpuWatch vcpu)
    {
        if (!vcpu.Unsettled)
        {
            vcpu.Unsettled = true;
            _unsettled.Add(vcpu);
        }
    }

    internal void Violated(Invariant invariant, ActorAddress actor, ActorAddress other, VirtualTime origin, string text)
    {
        if (_violations.Count == 0)
        {
            _group.RequestEnd(actor, EndReason.Violation, 0, $"{actor}: {text}");
        }

        if (_violations.Count < MostKept)
        {
            _violations.Add(new Violation(_group.Now, invariant, actor, other, origin, text));
        }
    }

    private void InterruptArrived(in Message message, int slot)
    {
        InterruptsArrived++;
        _origin = new VirtualTime((long)message.Word2);
        var (source, target) = (message.Source.Original, message.Target);
        _ring.Add(LifeEvent.Of(LifeEventKind.Arrived, _group.Now, target, source, in message));
        var order = _order.Note(slot, source, message.Sequence);
        if (order <= 0)
        {
            Violated(
                order == 0 ? Invariant.RaiseRepeated : Invariant.Order,
                target,
                source,
                _origin,
                order == 0 ? $"{message.Kind} of {source} arrives for the second time" : $"{message.Kind} of {source} arrives after what it sent later");
        }

        _watches[slot]?.Received(in message);
    }

    private void Answered(in Message answer, ref OpenCall call)
    {
        if (call.Count == 0)
        {
            return;
        }

        call.Count--;
        if (call.Count == 0 && call.Target == answer.Source && !call.HasArrivedBy(_group.Now))
        {
            Vanished(in call);
        }
    }

    /// <summary>The sender goes on, but what it sent has not reached its target.</summary>
    private void Vanished(in OpenCall call)
    {
        var (source, target, kind) = (call.Source, call.Target, call.Kind);
        if (MessageForms.CarriesInterrupt(kind))
        {
            _ring.Add(call.Event(LifeEventKind.Lost, _group.Now));
        }

        var sentence = $"the {kind} to {target} vanished: it was answered, but never arrived";
        Violated(call.Raises ? Invariant.RaiseLost : Invariant.Call, source, target, call.Origin, sentence);
        if (call.IsLocal && _directory.TryFind(target, out var location) && _watches[location.Slot] is CpuWatch vcpu)
        {
            vcpu.Missed(in call);
        }
    }

    private ActorWatch? Watch(Actor actor) => actor.Address.Role switch
    {
        ActorRole.Vcpu when actor is LoongArchVcpu vcpu => new VcpuWatch(this, vcpu),
        ActorRole.Vcpu when actor is ArmVcpu vcpu => new ArmVcpuWatch(this, vcpu),
        ActorRole.Gic when actor is GicActor gic => new GicWatch(this, gic.Address, gic.LpisHaveOneOwner),
        ActorRole.Ipi => new IpiWatch(this, actor.Address),
        ActorRole.Eiointc => new EiointcWatch(this, actor.Address),
        ActorRole.PchPic => new PchPicWatch(this, actor.Address),
        ActorRole.DoorbellDevice => new DoorbellWatch(this, actor.Address),
        _ => null,
    };
}
