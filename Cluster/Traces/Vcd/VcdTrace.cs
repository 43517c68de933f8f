using System.Text;
using Trapline.Actors.Tracing;
using Trapline.Devices.Common;
using Trapline.Messages;

namespace Trapline.Cluster.Traces.Vcd;

/// <summary>
/// The interrupt lines as a value change dump (IEEE 1364-2001, clause 18), in picoseconds: a scope for each machine, in it one
/// for each vCPU with its lines as the controllers drive them, one for PCH-PIC with the pins that moved, one for EIOINTC with
/// the vectors that were pending.
/// </summary>
/// <remarks>
/// The format wants all variables before the first change, but which pins move is known at the end. So changes go to a
/// spool first. Machines follow one another in time; before and after its own time a machine's lines are unknown: x.
/// </remarks>
public sealed class VcdTrace : ITraceSink
{
    private readonly StreamWriter _output;
    private readonly StreamWriter _spool;
    private readonly List<VcdMachine> _machines = [];
    private VcdMachine? _machine;
    private VirtualTime _written = VirtualTime.Never;

    /// <param name="output">Gets the dump, at the end of the run; stays open.</param>
    /// <param name="spool">For changes until then: empty, and can be read back; stays open.</param>
    public VcdTrace(Stream output, Stream spool)
        : this(Ascii(output), Ascii(spool))
    {
    }

    private VcdTrace(StreamWriter output, StreamWriter spool)
    {
        _output = output;
        _spool = spool;
    }

    public bool WantsInstructions => false;

    public void Begin(TraceMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var last = _machines.Count > 0 ? _machines[^1] : null;
        _machine = new VcdMachine(machine, last?.EndOfCodes ?? 0, last?.End ?? VirtualTime.Zero, last is null ? 0 : last.Offset + last.Length);
        _machines.Add(_machine);
        _written = VirtualTime.Never;
    }

    public void Write(in TraceEntry entry)
    {
        if (entry.Kind == TraceKind.Line)
        {
            Change(entry.At, entry.Actor, entry.Number, entry.Code != 0);
        }
        else if (entry is { Kind: TraceKind.Request, Code: (byte)TraceRequest.Input, Actor.Role: ActorRole.PchPic })
        {
            Change(entry.At, entry.Actor, entry.Number, entry.Word1 != 0);
        }
        else if (entry is { Kind: TraceKind.Report, Actor.Role: ActorRole.Eiointc })
        {
            WriteVector(in entry);
        }
    }

    public void End(VirtualTime at)
    {
        _spool.Flush();
        _machine!.End = _machine.Start + at;
        _machine.Length = _spool.BaseStream.Position - _machine.Offset;
    }

    public void Finish()
    {
        WriteHeader();
        _spool.BaseStream.Position = 0;
        foreach (var machine in _machines)
        {
            WriteLevels(machine);
            _output.Flush();
            Copy(machine.Length);
        }

        _output.WriteLine($"#{(_machines.Count > 0 ? _machines[^1].End : VirtualTime.Zero).Picoseconds}");
        _output.Flush();
    }

    /// <summary>A vector is high while it is pending, at whichever vCPUs: the input itself never falls for a message.</summary>
    private void WriteVector(in TraceEntry report)
    {
        var by = (ReportKind)report.Code switch
        {
            ReportKind.Raised => 1,
            ReportKind.Acknowledged or ReportKind.Withdrawn => -1,
            _ => 0,
        };
        if (by != 0)
        {
            Change(report.At, report.Actor, report.Number, _machine!.Pend(report.Actor, report.Number, by));
        }
    }

    private static StreamWriter Ascii(Stream stream) => new(stream, Encoding.ASCII, leaveOpen: true) { NewLine = "\n" };

    private void Change(VirtualTime at, ActorAddress actor, int number, bool level)
    {
        if (_machine!.Change(actor, number, level) is not { } code)
        {
            return;
        }

        if (at != _written)
        {
            _spool.WriteLine($"#{(_machine.Start + at).Picoseconds}");
            _written = at;
        }

        _spool.WriteLine($"{(level ? '1' : '0')}{code}");
    }

    private void WriteHeader()
    {
        _output.WriteLine("$version Trapline $end");
        _output.WriteLine("$timescale 1 ps $end");
        for (var i = 0; i < _machines.Count; i++)
        {
            var scope = _machines.Count == 1 ? VcdIdentifier.Simple(_machines[i].Name) : $"_{i + 1}_{VcdIdentifier.Simple(_machines[i].Name)}";
            _output.WriteLine($"$comment {scope} is {Plain(_machines[i].Name)} $end");
            _output.WriteLine($"$scope module {scope} $end");
            foreach (var actor in _machines[i].Variables.GroupBy(variable => variable.Actor))
            {
                _output.WriteLine($"$scope module {actor.Key} $end");
                foreach (var variable in actor)
                {
                    _output.WriteLine($"$var wire 1 {variable.Code} {variable.Name} $end");
                }

                _output.WriteLine("$upscope $end");
            }

            _output.WriteLine("$upscope $end");
        }

        _output.WriteLine("$enddefinitions $end");
    }

    /// <summary>All lines of a machine are low when it starts; those of the one before it are gone.</summary>
    private void WriteLevels(VcdMachine machine)
    {
        _output.WriteLine($"#{machine.Start.Picoseconds}");
        var index = _machines.IndexOf(machine);
        if (index == 0)
        {
            _output.WriteLine("$dumpvars");
        }

        foreach (var variable in machine.Variables)
        {
            _output.WriteLine($"0{variable.Code}");
        }

        // The others have not started yet, or have ended.
        foreach (var variable in index == 0 ? _machines.Skip(1).SelectMany(later => later.Variables) : _machines[index - 1].Variables)
        {
            _output.WriteLine($"x{variable.Code}");
        }

        if (index == 0)
        {
            _output.WriteLine("$end");
        }
    }

    private void Copy(long length)
    {
        var buffer = new byte[1 << 16];
        while (length > 0)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, length));
            _spool.BaseStream.ReadExactly(part);
            _output.BaseStream.Write(part);
            length -= part.Length;
        }
    }

    /// <summary>Printable and without '$', which would end the comment.</summary>
    private static string Plain(string name) => string.Concat(name.Select(letter => char.IsBetween(letter, ' ', '~') && letter != '$' ? letter : '_'));
}
