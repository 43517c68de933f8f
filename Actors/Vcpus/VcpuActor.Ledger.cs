using Trapline.Actors.Guests;
using Trapline.Actors.Statistics;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Vcpus;

/// <summary>
/// Books what the vCPU's time goes on. A phase is booked when it is left; so every picosecond is in exactly one row, and
/// nothing is added where instructions run.
/// </summary>
public abstract partial class VcpuActor
{
    // The phase that is not booked yet, and since when.
    private VcpuPhase _bookedPhase;
    private VirtualTime _bookedUntil;

    // The open exit: what it costs by itself, and what of its time is booked under other names.
    private CostKind _exitKind;
    private VirtualTime _itemised;

    // The cost that the work under way is named after.
    private CostKind _workKind = CostKind.Work;

    private CostLedger Ledger => Statistics.Ledger;

    /// <summary>Part of the open exit is a cost of its own, already added to what is waited out.</summary>
    protected void Itemise(CostKind kind, int count = 1)
    {
        var time = count * Costs.Of(kind).Picoseconds;
        Ledger.Add(kind, count, time);
        _itemised += new VirtualTime(time);
    }

    /// <summary>Calls to other hosts, whose travel is added to what is waited out.</summary>
    private void ItemiseTravel(int calls)
    {
        if (calls > 0)
        {
            var time = InterHostTravel(calls);
            Ledger.Add(CostKind.InterHostTravel, calls, time);
            _itemised += time;
        }
    }

    /// <summary>As <see cref="Itemise(CostKind, int)"/>, of all that an answer itemised.</summary>
    protected void Itemise(CostBill bill)
    {
        if (bill == default)
        {
            return;
        }

        foreach (var kind in CostBill.Kinds)
        {
            if (bill.CountOf(kind) is > 0 and var count)
            {
                Itemise(kind, count);
            }
        }
    }

    private void OpenExit(ExitAction action, VirtualTime cost)
    {
        _itemised = VirtualTime.Zero;
        _exitKind = action switch
        {
            ExitAction.IocsrRead or ExitAction.IocsrWrite or ExitAction.MmioRead or ExitAction.MmioWrite or ExitAction.SystemRegister =>
                cost == Costs.KernelAccess ? CostKind.KernelAccess : CostKind.UserAccess,
            _ => CostKind.Hypercall,
        };
    }

    /// <summary>ps of a work that is named after a cost; none where the cost is no more than what it is to contain.</summary>
    private ulong NamedWork(ushort text)
    {
        var (kind, contained) = WorkCost.Decode(text);
        var price = Costs.Of(kind) - (contained is { } part ? Costs.Of(part) : VirtualTime.Zero);
        return (ulong)Math.Max(0, price.Picoseconds);
    }

    /// <summary>A work begins, or goes on after a handler that may have worked itself.</summary>
    private void NoteWork(ushort text, bool isNew)
    {
        _workKind = CostKind.Work;
        if (text == 0)
        {
            return;
        }

        (_workKind, var contained) = WorkCost.Decode(text);
        if (!isNew)
        {
            return;
        }

        Ledger.Add(_workKind, 1, VirtualTime.Zero);
        if (contained is { } part)
        {
            // Taken off: the whole cost is booked, and what it contains a time less.
            var price = Costs.Of(part).Picoseconds;
            Ledger.Add(_workKind, 0, price);
            Ledger.Add(part, -1, -price);
        }
    }

    /// <summary>A mark sees all time before it booked, the instructions of this run included.</summary>
    private void MarkSection(int mark, VirtualTime now, ulong value)
    {
        BookInstructions(now - _bookedUntil);
        _bookedUntil = now;
        Ledger.Mark(mark, now, value);
    }

    /// <summary>To be called after each step and each message.</summary>
    private void Book()
    {
        if (_phase != _bookedPhase)
        {
            BookPhase(Now - _bookedUntil);
            _bookedPhase = _phase;
            _bookedUntil = Now;
        }
    }

    private void BookInstructions(VirtualTime span) => Ledger.Add(CostKind.Instruction, span.Picoseconds / Costs.Instruction.Picoseconds, span);

    private void BookPhase(VirtualTime span)
    {
        switch (_bookedPhase)
        {
            case VcpuPhase.Stopped:
            case VcpuPhase.Paused:
            case VcpuPhase.PoweredOff:
                break;
            case VcpuPhase.PoweringOn:
                // Who switches it on pays the kick, which comes first.
                Ledger.Add(CostKind.WakeIdle, 1, Costs.WakeIdle);
                break;
            case VcpuPhase.Running:
                BookInstructions(span);
                break;
            case VcpuPhase.Working:
                Ledger.Add(_workKind, 0, span);
                break;
            case VcpuPhase.Spinning:
                Ledger.Add(CostKind.Spinning, 0, span);
                break;
            case VcpuPhase.AwaitingMemory:
                // The way there and back is part of the cost, which is booked at its end.
                break;
            case VcpuPhase.FinishingMemory:
                Ledger.Add(CostKind.RemoteMemory, 1, Costs.RemoteMemory);
                Ledger.Add(CostKind.Waiting, 0, Now - _accessStart - Costs.RemoteMemory);
                break;
            case VcpuPhase.PulledOut:
                Ledger.Add(CostKind.WakeRunning, 1, span);
                break;
            case VcpuPhase.Blocked:
                Ledger.Add(CostKind.Asleep, 0, span);
                break;
            case VcpuPhase.Waking:
                // Its kick, which the kicker pays, comes first.
                Ledger.Add(CostKind.Asleep, 0, span - Costs.WakeIdle);
                Ledger.Add(CostKind.WakeIdle, 1, Costs.WakeIdle);
                break;
            case VcpuPhase.Halted:
                Ledger.Add(CostKind.Asleep, 0, span);
                break;
            case VcpuPhase.Resuming:
                Ledger.Add(CostKind.NativeWake, 1, span);
                break;
            case VcpuPhase.AccessingDevice:
                BookNativeAccess(span);
                break;
            default:
                BookExit(span);
                break;
        }
    }

    /// <summary>The steps of an exit: its own cost comes first, what was itemised is booked, the rest is waiting.</summary>
    private void BookExit(VirtualTime span)
    {
        if (_phase is VcpuPhase.Blocked or VcpuPhase.PoweredOff)
        {
            // Asleep half-way: the way back in is part of waking.
            Ledger.Add(_exitKind, 1, span);
        }
        else if (_phase is VcpuPhase.Running or VcpuPhase.PulledOut or VcpuPhase.Paused)
        {
            var whole = Now - _exitStart;
            var price = VirtualTime.Min(Costs.Of(_exitKind), whole);
            Ledger.Add(_exitKind, 1, price);
            Ledger.Add(CostKind.Waiting, 0, whole - price - _itemised);
        }
    }

    private void SyncLedger(StateSync sync)
    {
        var phase = (byte)_bookedPhase;
        sync.RowBelow("bookedPhase", ref phase, PhaseCount);
        _bookedPhase = (VcpuPhase)phase;
        sync.Row("bookedUntil", ref _bookedUntil);
        var kind = (byte)_exitKind;
        sync.RowBelow("exitKind", ref kind, CostKinds.Count);
        _exitKind = (CostKind)kind;
        sync.Row("itemised", ref _itemised);
        kind = (byte)_workKind;
        sync.RowBelow("workKind", ref kind, CostKinds.Count);
        _workKind = (CostKind)kind;
    }
}
