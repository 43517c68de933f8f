using System.Numerics;
using Trapline.Actors.Tracing;
using Trapline.Messages;

namespace Trapline.Actors.Vcpus;

/// <summary>Notes for a trace, and for who watches over invariants: phases, lines, kicks, handlers. Nothing here changes what the vCPU does.</summary>
public abstract partial class VcpuActor
{
    // As noted last. No saved rows: a restored vCPU notes its phase and its lines anew.
    private VcpuPhase _notedPhase;
    private uint _notedLines;

    /// <summary>The levels of the interrupt lines as the controllers drive them, by number: what is still queued for the next guest entry counts.</summary>
    protected internal abstract uint Lines { get; }

    /// <summary>Lines whose interrupts the guest has enabled, by number, whether it takes interrupts now or not.</summary>
    protected internal abstract uint EnabledLines { get; }

    /// <summary>To be called where lines may have changed.</summary>
    /// <param name="by">Who drove them.</param>
    protected void NoteLines(ActorAddress by)
    {
        if (Trace is not { } trace)
        {
            return;
        }

        var changed = Lines ^ _notedLines;
        _notedLines = Lines;
        for (; changed != 0; changed &= changed - 1)
        {
            var line = BitOperations.TrailingZeroCount(changed);
            trace.Add(new TraceEntry(Now, Address, TraceKind.Line, (byte)((_notedLines >> line) & 1), 0, by, line, _pc));
        }
    }

    /// <summary>The handler of a line's interrupt is entered.</summary>
    /// <param name="number">Of the line, or of the interrupt that a line is for.</param>
    /// <param name="from">Where the guest was.</param>
    /// <param name="input">The line, plus 1, where the number is not its.</param>
    protected void NoteInterrupt(int number, ulong from, byte input = 0) => Trace?.Add(new TraceEntry(Now, Address, TraceKind.Interrupt, input, Number: number, Word0: from));

    /// <summary>The handler of a fault is entered.</summary>
    protected void NoteFault(int code, int subcode, ulong from) => Trace?.Add(new TraceEntry(Now, Address, TraceKind.Fault, Number: code | (subcode << 8), Word0: from));

    /// <summary>A handler is left.</summary>
    protected void NoteReturn() => Trace?.Add(new TraceEntry(Now, Address, TraceKind.Return, Word0: _pc));

    /// <summary>A control register was accessed.</summary>
    protected void NoteControlRegister(int number, bool isWrite, ulong value)
    {
        if (Trace is { Instructions: true } trace)
        {
            trace.Add(new TraceEntry(Now, Address, TraceKind.ControlRegister, isWrite ? (byte)1 : (byte)0, sizeof(ulong), default, number, _pc, value));
        }
    }

    private void NoteMark(int name, ulong value) => Trace?.Add(new TraceEntry(Now, Address, TraceKind.Mark, Number: name, Word0: _pc, Word1: value));

    protected void NoteSignal(ActorAddress target, int line) => Trace?.Add(new TraceEntry(Now, Address, TraceKind.Send, Other: target, Number: line));

    private void NoteKick(VcpuPhase phase)
    {
        Observer?.Kicked(this, phase);
        Trace?.Add(new TraceEntry(Now, Address, TraceKind.Kick, (byte)phase, Word0: _pc));
    }

    /// <summary>To be called after each step and each message: what they did shows in the phase.</summary>
    private void NotePhase()
    {
        Book();
        if (_phase == _notedPhase)
        {
            return;
        }

        var before = _notedPhase;
        _notedPhase = _phase;
        if (_phase == VcpuPhase.Blocked)
        {
            Observer?.Slept(this);
        }

        if (Trace is not { } trace)
        {
            return;
        }

        switch (_phase)
        {
            case VcpuPhase.Running when before is VcpuPhase.Stopped or VcpuPhase.Paused:
                Note(trace, TraceKind.Started);
                break;
            case VcpuPhase.Running when IsStalled(before):
                Note(trace, TraceKind.StallEnd);
                break;
            case VcpuPhase.Running:
                trace.Add(new TraceEntry(Now, Address, TraceKind.ExitEnd, Number: _exitReason, Word0: _pc, Word1: (ulong)_exitStart.Picoseconds));
                break;
            case VcpuPhase.Working or VcpuPhase.Spinning or VcpuPhase.AwaitingMemory or VcpuPhase.AccessingDevice or VcpuPhase.Halted:
                Note(trace, TraceKind.StallBegin, (byte)_phase);
                break;
            case VcpuPhase.Exiting when before == VcpuPhase.AwaitingAnswer:
                Note(trace, TraceKind.UserSpace);
                break;
            case VcpuPhase.Exiting:
                trace.Add(new TraceEntry(Now, Address, TraceKind.ExitBegin, (byte)_exitAction, _exitWidth, _exitTarget, IsInKernel(_exitTarget) ? 0 : 1, _pc, _exitAddress));
                break;
            case VcpuPhase.PulledOut:
                if (IsStalled(before))
                {
                    Note(trace, TraceKind.StallEnd);
                }

                Note(trace, TraceKind.ExitBegin);
                break;
            case VcpuPhase.Blocked:
                Note(trace, TraceKind.Blocked);
                break;
            case VcpuPhase.Waking:
                Note(trace, TraceKind.Woken);
                break;
            case VcpuPhase.Paused:
                trace.Add(new TraceEntry(Now, Address, TraceKind.ExitEnd, Number: _exitReason, Word0: _pc, Word1: (ulong)_exitStart.Picoseconds));
                Note(trace, TraceKind.Stopped);
                break;
            case VcpuPhase.Stopped:
                Note(trace, TraceKind.Stopped);
                break;
            default:
                break;
        }
    }

    private void Note(TraceLog trace, TraceKind kind, byte code = 0) => trace.Add(new TraceEntry(Now, Address, kind, code, Word0: _pc));

    private static bool IsStalled(VcpuPhase phase) =>
        phase is VcpuPhase.Working or VcpuPhase.Spinning or VcpuPhase.AwaitingMemory or VcpuPhase.FinishingMemory
        or VcpuPhase.AccessingDevice or VcpuPhase.Halted or VcpuPhase.Resuming;
}
