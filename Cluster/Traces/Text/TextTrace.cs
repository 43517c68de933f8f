using System.Globalization;
using Trapline.Actors.Guests;
using Trapline.Actors.Statistics;
using Trapline.Actors.Tracing;
using Trapline.Actors.Vcpus;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Messages;

namespace Trapline.Cluster.Traces.Text;

/// <summary>
/// A line for each instruction, register access and event: time in ns, actor, address of the instruction; then the source
/// line with its place, or what happened.
/// </summary>
public sealed class TextTrace(TextWriter output) : ITraceSink
{
    private readonly Dictionary<ActorAddress, Stack<TraceEntry>> _requests = [];
    private TraceMachine? _machine;

    public bool WantsInstructions => true;

    private TraceNames Names => TraceNames.Of(_machine!);

    public void Begin(TraceMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        _machine = machine;
        _requests.Clear();
        output.WriteLine($"# {machine.Name}");
    }

    public void Write(in TraceEntry entry)
    {
        if (entry.Kind == TraceKind.Instruction)
        {
            output.WriteLine($"{Head(in entry)} {Source(entry.Word0)}");
        }
        else if (Describe(in entry) is { } text)
        {
            output.WriteLine($"{Head(in entry)} -- {text}");
        }
    }

    public void End(VirtualTime at)
    {
    }

    public void Finish() => output.Flush();

    private static string Head(in TraceEntry entry)
    {
        var time = ((decimal)entry.At.Picoseconds / VirtualTime.PerNanosecond).ToString("0.000", CultureInfo.InvariantCulture);
        var place = entry.Actor.Role == ActorRole.Vcpu ? $"{entry.Word0:x8}" : "";
        return $"{time,14} {entry.Actor,-12} {place,8} ";
    }

    private string Source(ulong pc)
    {
        var program = _machine!.Program;
        var index = (pc - program.Layout.TextBase) / GuestProgram.InstructionBytes;
        if (index >= (ulong)program.Locations.Length || (pc & (GuestProgram.InstructionBytes - 1)) != 0)
        {
            return "(no code)";
        }

        var location = program.Locations[index];
        var file = program.Files.Count > location.File ? Path.GetFileName(program.Files[location.File]) : "?";
        return $"{location.Text,-40} {file}:{location.Line}";
    }

    private string? Describe(in TraceEntry entry) => entry.Kind switch
    {
        TraceKind.Stopped => "stopped",
        TraceKind.ExitBegin => entry.Code == (byte)ExitAction.None ? "kicked out of the guest" : null,
        TraceKind.UserSpace => "left to user space",
        TraceKind.Blocked => "asleep",
        TraceKind.Woken => "woken",
        TraceKind.ExitEnd => $"guest entry after {ExitReasons.NameOf(entry.Number)}, {entry.At - new VirtualTime((long)entry.Word1)}",
        TraceKind.Interrupt => $"interrupt {Names.Interrupt(entry.Number)} taken at 0x{entry.Word0:x}",
        TraceKind.Fault => $"fault {Names.Fault(entry.Number)} at 0x{entry.Word0:x}",
        TraceKind.Line => $"line {Names.Line(entry.Number)} {(entry.Code != 0 ? "rises" : "falls")}, driven by {entry.Other}",
        TraceKind.Mark => $"mark {_machine!.Program.Marks[entry.Number]} {entry.Word1}",
        TraceKind.ControlRegister => $"{Names.ControlSpace}[{entry.Actor.Index}] {(entry.Code != 0 ? "write" : "read")} {Names.ControlRegister(entry.Number)} {entry.Width} 0x{entry.Word1:x16}",
        TraceKind.Request => Opened(in entry),
        TraceKind.Served => Closed(in entry),
        TraceKind.Output => $"output {entry.Number} driven {(entry.Code != 0 ? "high" : "low")}",
        TraceKind.Send when entry.Actor.Role == ActorRole.Vcpu => $"{Names.Interrupt(entry.Number)} raised in {entry.Other}",
        TraceKind.Send => $"{IpiRegisters.NameOf(entry.Number)} carried to {entry.Other}",
        TraceKind.Report => Names.Report(in entry),
        _ => null,
    };

    /// <summary>A write is told when it starts, before what it causes; a read when its value is known.</summary>
    private string? Opened(in TraceEntry entry)
    {
        if (!_requests.TryGetValue(entry.Actor, out var open))
        {
            _requests.Add(entry.Actor, open = []);
        }

        open.Push(entry);
        return (TraceRequest)entry.Code switch
        {
            TraceRequest.Write => Access(in entry, "write", entry.Word1),
            TraceRequest.Input => $"input {entry.Number} driven {(entry.Word1 != 0 ? "high" : "low")} by {entry.Other}",
            TraceRequest.Message => $"message 0x{entry.Word1:x} from {entry.Other}",
            TraceRequest.Send => $"{IpiRegisters.NameOf(entry.Number)} 0x{entry.Word1:x} from {entry.Other}",
            TraceRequest.Timer => $"timer {entry.Number}",
            TraceRequest.Call => TraceNames.Call(in entry),
            _ => null,
        };
    }

    private string? Closed(in TraceEntry entry)
    {
        if (!_requests.TryGetValue(entry.Actor, out var open) || !open.TryPop(out var request))
        {
            return null;
        }

        return request.Code == (byte)TraceRequest.Read ? Access(in request, "read", entry.Word1) : null;
    }

    private string Access(in TraceEntry request, string verb, ulong value)
    {
        var shown = request.Width >= sizeof(ulong) ? value : value & ((1UL << (8 * request.Width)) - 1);
        var digits = shown.ToString($"x{2 * request.Width}", CultureInfo.InvariantCulture);
        return $"{NameOf(request.Actor)} {verb} {Names.Register(request.Actor.Role, request.Word0, verb == "write")} {request.Width} 0x{digits} by {request.Other}";
    }

    private static string NameOf(ActorAddress device) => $"{device.Role.ToString().ToLowerInvariant()}[{device.Index}]";
}
