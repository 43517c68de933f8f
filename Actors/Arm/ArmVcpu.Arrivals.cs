using Trapline.Actors.Devices;
using Trapline.Actors.Kernel;
using Trapline.Actors.Publishing;
using Trapline.Actors.Statistics;
using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Common;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Arm;

/// <summary>
/// What comes from outside: interrupts that the GIC hands over and wants back, SGIs of other CPUs, accesses to the SGI frame of the
/// redistributor.
/// </summary>
/// <remarks>
/// What comes while the vCPU is in the guest waits in a queue, as with KVM until the list registers are filled at the next entry. Other
/// changes take effect at once, but what they let out is held back from the guest until then.
/// </remarks>
public sealed partial class ArmVcpu
{
    private const int ArrivalLimit = 1 << 17;
    private const int BlockLength = 32;
    private const int SourceShift = 8;

    private readonly List<Arrival> _arrivals = [];

    // An interrupt is signalled that the guest sees after its next entry.
    private bool _heldBack;

    void IGicCpuHost.Release(int interruptId, uint sequence)
    {
        ForgetOrigin(interruptId);
        Send(_gic, MessageKind.InterruptRelease, (ushort)interruptId | ((ulong)sequence << 32));
        LimitChanged();
    }

    void IGicCpuHost.Deactivate(in Deactivation deactivation)
    {
        Send(_gic, MessageKind.InterruptDeactivate, (ushort)deactivation.InterruptId, deactivation.Packed);
        LimitChanged();
    }

    void IGicCpuHost.Ended(int interruptId)
    {
        // Its list register asks for a maintenance interrupt, so that the line is looked at again.
        Send(_gic, MessageKind.InterruptEnded, (ulong)(uint)interruptId);
        PullOutNow();
        LimitChanged();
    }

    protected override bool IsOfArchitecture(MessageKind kind) => kind is MessageKind.InterruptHand or MessageKind.InterruptRecall or MessageKind.SgiSignal
        or MessageKind.MmioRead or MessageKind.MmioWrite or MessageKind.PsciCpuOn or MessageKind.PsciAffinityInfo or MessageKind.PsciAnswer or MessageKind.DeviceAttribute
        or MessageKind.VcpuFeatures or MessageKind.GuestHalt;

    protected override void HandleArchitecture(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.InterruptHand or MessageKind.SgiSignal:
                TakeIn(in message);
                break;
            case MessageKind.InterruptRecall:
                GiveBack(in message);
                break;
            case MessageKind.GuestHalt:
                var (cost, bill) = InGuest ? KickFor(in message, level: false) : default;
                Send(message.Source, MessageKind.GuestHalted, (ulong)cost.Picoseconds, bill.Packed);
                break;
            case MessageKind.MmioRead or MessageKind.MmioWrite:
                ServeFrame(in message);
                break;
            case MessageKind.PsciAnswer:
                PsciAnswered(in message);
                break;
            case MessageKind.DeviceAttribute:
                ServeAttribute(in message);
                break;
            case MessageKind.VcpuFeatures:
                _ = Initialize(message.Word0);
                break;
            default:
                ServePsci(in message);
                break;
        }

        NoteLines(message.Source);
    }

    protected override bool TakeOver(in Message publication)
    {
        if (TryTakeOverCounter(in publication))
        {
            Observer?.Replaced(this);
            return true;
        }

        if ((uint)publication.Word0 != (uint)PublishedTable.GicEnables)
        {
            throw new SimulationException($"{Address} keeps no copy of table {(uint)publication.Word0}: {publication}");
        }

        _cpu.Gic.SetDistributorEnable((uint)publication.Word2);
        NoteLines(publication.Source);
        if (_heldBack)
        {
            PullOutNow();
        }

        Reconsider();
        return true;
    }

    /// <summary>An interrupt comes. Whoever brings it pays for the kick, if it is one that the vCPU would take.</summary>
    private void TakeIn(in Message message)
    {
        if (!Exists)
        {
            // It was on its way when the VM was destroyed.
            Send(message.Source, MessageKind.LineAnswer);
            return;
        }

        var arrival = ArrivalOf(in message);
        if (InGuest)
        {
            if (_arrivals.Count == ArrivalLimit)
            {
                throw new SimulationException($"{Address}: more than {ArrivalLimit} interrupts wait for its next guest entry at {Now}");
            }

            _arrivals.Add(arrival);
        }
        else
        {
            TakeArrivals();
            Take(in arrival);
        }

        var (cost, bill) = Wakes(in arrival) ? KickFor(in message, level: true)
            : arrival.Kind == MessageKind.SgiSignal ? (Costs.KickOutside, CostBill.Once(CostKind.KickOutside))
            : default;
        Send(message.Source, MessageKind.LineAnswer, (ulong)cost.Picoseconds, bill.Packed);
    }

    private Arrival ArrivalOf(in Message message)
    {
        var arrival = new Arrival { Kind = message.Kind, Word = message.Word0, Source = (byte)(message.Word1 >> SourceShift), Origin = new((long)message.Word2) };
        return IsPossible(in arrival)
            ? arrival
            : throw new SimulationException($"{Address} got an interrupt at {Now} that it cannot have, from a source that does not exist, or that began at {arrival.Origin}: {message}");
    }

    private bool IsPossible(in Arrival arrival) =>
        Vcpus.LatencyPaths.Exists((InterruptSource)arrival.Source) && arrival.Origin >= VirtualTime.Zero && arrival.Origin <= Now
        && (arrival.Kind == MessageKind.SgiSignal
            ? InterruptIds.IsSgi(SgiOf(arrival.Word)) && Enum.IsDefined(SgiKindOf(arrival.Word))
            : arrival.Kind == MessageKind.InterruptHand && Handover.Unpack(arrival.Word).InterruptId is var id && (InterruptIds.IsSpi(id) || InterruptIds.IsLpi(id)));

    /// <summary>Whether the vCPU has to look at it soon: KVM kicks for what it queues, and queues what is pending and enabled.</summary>
    private bool Wakes(in Arrival arrival)
    {
        if (arrival.Kind == MessageKind.SgiSignal)
        {
            return _cpu.Gic.IsForwarded(SgiOf(arrival.Word));
        }

        var flags = Handover.Unpack(arrival.Word).Flags;
        return (flags & HandoverFlags.SetLatch) != 0 || (flags & (HandoverFlags.Line | HandoverFlags.LevelTriggered)) == (HandoverFlags.Line | HandoverFlags.LevelTriggered);
    }

    private void TakeArrivals()
    {
        foreach (var arrival in _arrivals)
        {
            Take(in arrival);
        }

        _arrivals.Clear();
    }

    private void Take(in Arrival arrival)
    {
        var source = (InterruptSource)arrival.Source;
        if (arrival.Kind == MessageKind.SgiSignal)
        {
            var interruptId = SgiOf(arrival.Word);
            if (_cpu.Gic.TrySetSgi(interruptId, SgiKindOf(arrival.Word)))
            {
                NoteOrigin(interruptId, source, arrival.Origin);
            }

            return;
        }

        var handover = Handover.Unpack(arrival.Word);
        if (Wakes(in arrival) && ((handover.Flags & HandoverFlags.Event) != 0 || !_cpu.Gic.Holds(handover.InterruptId)))
        {
            // A raise; not news of an interrupt whose raise it has, or has acknowledged.
            NoteOrigin(handover.InterruptId, source, arrival.Origin);
        }

        _cpu.Gic.Take(in handover);
    }

    /// <summary>The board wants interrupts back. A vCPU in the guest that has one of them is taken out, for a list register has it.</summary>
    private void GiveBack(in Message message)
    {
        var (first, mask) = ((int)(uint)message.Word0, (uint)(message.Word0 >> 32));
        if (first < InterruptIds.FirstSpi || first >= InterruptIds.LpiEnd || first % BlockLength != 0)
        {
            throw new SimulationException($"{Address} is asked at {Now} for interrupts that nobody hands over: {message}");
        }

        TakeArrivals(first, mask);
        var answer = _cpu.Gic.Recall(first, mask);
        for (var bit = 0; bit < BlockLength; bit++)
        {
            if ((answer.Held >> bit & 1) != 0)
            {
                ForgetOrigin(first + bit);
            }
        }

        var (cost, bill) = InGuest && answer.Held != 0 ? KickFor(in message, level: false) : default;
        Send(
            message.Source, MessageKind.InterruptRecalled, (ulong)cost.Picoseconds, bill.Packed, answer.Held | ((ulong)answer.Latched << BlockLength), answer.Active);
    }

    /// <summary>Those of a block that wait in the queue, which go back before the guest has seen them.</summary>
    private void TakeArrivals(int first, uint mask)
    {
        for (var i = 0; i < _arrivals.Count; i++)
        {
            var arrival = _arrivals[i];
            var place = arrival.Kind == MessageKind.InterruptHand ? (uint)(Handover.Unpack(arrival.Word).InterruptId - first) : uint.MaxValue;
            if (place < BlockLength && (mask >> (int)place & 1) != 0)
            {
                _arrivals.RemoveAt(i--);
                Take(in arrival);
            }
        }
    }

    /// <summary>An access to this vCPU's SGI frame, by whichever CPU.</summary>
    private void ServeFrame(in Message message)
    {
        var isWrite = message.Kind == MessageKind.MmioWrite;
        if (!ArmAddressMap.TryFindRedistributor(message.Word0, Settings.Count, out var vcpu, out var offset) || vcpu != Settings.Index || offset < ArmAddressMap.FrameBytes)
        {
            throw new SimulationException($"{Address} is asked at {Now} for a register that is not in its redistributor's SGI frame: {message}");
        }

        // What is pending is so for everybody, though the guest itself sees it after its next entry.
        TakeArrivals();
        ulong value = 0;

        // KVM halts the guest where one vCPU asks for the active state of another's SGIs and PPIs; of those that it halts this is the one that matters.
        var isHalted = message.Source != Address && InGuest && offset - ArmAddressMap.FrameBytes is >= SgiFrameRegisters.SetActive and <= SgiFrameRegisters.ClearActive;
        var (cost, bill) = isHalted ? KickFor(in message, level: false) : default;
        if (isWrite && Exists)
        {
            var signalled = _cpu.Gic.MightWake;
            _cause = CauseOf(InterruptSource.Controller, new VirtualTime((long)message.Word3));
            _cpu.Gic.WriteFrame(offset - ArmAddressMap.FrameBytes, RegisterAccess.Width(in message), message.Word2);
            _cause = null;
            if (message.Source != Address && !isHalted && !signalled && _cpu.Gic.MightWake)
            {
                (cost, bill) = KickFor(in message, level: true);
            }
        }
        else if (Exists)
        {
            _cpu.Gic.ReadFrame(offset - ArmAddressMap.FrameBytes, RegisterAccess.Width(in message), out value);
        }

        var reason = isWrite ? ExitReasons.RedistributorWrite(offset) : ExitReasons.RedistributorRead(offset);
        Send(message.Source, MessageKind.AccessAnswer, value, (ulong)cost.Picoseconds, (ulong)reason, bill.Beside((byte)AccessOutcome.Done));
    }

    private void SyncArrivals(StateSync sync)
    {
        sync.Row("heldBack", ref _heldBack);
        sync.List("arrivals", "arrival", _arrivals, ArrivalLimit, static (StateSync rows, ref Arrival arrival) =>
        {
            var isSgi = arrival.Kind == MessageKind.SgiSignal;
            rows.Row("sgi", ref isSgi);
            arrival.Kind = isSgi ? MessageKind.SgiSignal : MessageKind.InterruptHand;
            rows.Row("word", ref arrival.Word);
            rows.Row("source", ref arrival.Source);
            rows.Row("origin", ref arrival.Origin);
        });
        if (sync.Loading && (_arrivals.Exists(arrival => !IsPossible(in arrival)) || (_arrivals.Count > 0 && !InGuest)))
        {
            throw new StateFormatException("row 'arrival': one waits that is no interrupt, or one waits though the vCPU is not in the guest");
        }
    }

    private struct Arrival
    {
        public MessageKind Kind;
        public ulong Word;
        public byte Source;
        public VirtualTime Origin;
    }
}
