using Trapline.Actors.Guests;
using Trapline.Actors.Tracing;
using Trapline.Devices.LoongArch;
using Trapline.Messages;

namespace Trapline.Cluster.Traces.Vcd;

/// <summary>The variables of one machine, their levels, and where its changes are.</summary>
internal sealed class VcdMachine
{
    /// <summary>No line of these machines: KVM has no PMU input to deliver, so it never moves.</summary>
    private const int Unconnected = CpuLines.Pmi;

    /// <summary>IRQ and FIQ.</summary>
    private const int ArmLines = 2;

    private readonly SortedDictionary<(ActorAddress Actor, int Number), Variable> _variables = [];
    private readonly Dictionary<(ActorAddress Actor, int Vector), int> _pending = [];
    private readonly int _firstCode;
    private readonly TraceNames _names;
    private readonly bool _isArm;

    /// <param name="machine">Its vCPUs have all their lines, moved or not.</param>
    /// <param name="firstCode">Number of the first code that no other machine has.</param>
    /// <param name="start">When it starts in the file: when the one before it has ended.</param>
    /// <param name="offset">Where its changes start.</param>
    public VcdMachine(TraceMachine machine, int firstCode, VirtualTime start, long offset)
    {
        Name = machine.Name;
        Start = start;
        Offset = offset;
        _firstCode = firstCode;
        _names = TraceNames.Of(machine);
        _isArm = machine.Program.Architecture == GuestArchitecture.Arm;
        foreach (var vcpu in machine.Actors.Where(actor => actor.Role == ActorRole.Vcpu))
        {
            for (var line = 0; line < (_isArm ? ArmLines : CpuLines.Count); line++)
            {
                if (_isArm || line != Unconnected)
                {
                    Add(vcpu, line);
                }
            }
        }
    }

    public string Name { get; }

    public VirtualTime Start { get; }

    public VirtualTime End { get; set; }

    /// <summary>First byte of its changes in the spool.</summary>
    public long Offset { get; }

    /// <summary>How many bytes they have.</summary>
    public long Length { get; set; }

    /// <summary>Number of the first code behind its own.</summary>
    public int EndOfCodes => _firstCode + _variables.Count;

    /// <summary>In the order of actors, of one actor by number.</summary>
    public IEnumerable<Variable> Variables => _variables.Values;

    /// <summary>The variable's code if this is a change; null if it has that level already.</summary>
    public string? Change(ActorAddress actor, int number, bool level)
    {
        if (!_variables.TryGetValue((actor, number), out var variable))
        {
            // A pin or vector gets its variable when it moves: most of them never do.
            if (!level)
            {
                return null;
            }

            variable = Add(actor, number);
        }

        if (variable.Level == level)
        {
            return null;
        }

        variable.Level = level;
        return variable.Code;
    }

    /// <summary>Counts at how many vCPUs a vector is pending; true if there is one.</summary>
    public bool Pend(ActorAddress actor, int vector, int by)
    {
        var count = _pending.GetValueOrDefault((actor, vector)) + by;
        _pending[(actor, vector)] = count;
        return count > 0;
    }

    private Variable Add(ActorAddress actor, int number)
    {
        var variable = new Variable(actor, number, VcdIdentifier.Code(EndOfCodes), NameOf(actor, number));
        _variables.Add((actor, number), variable);
        return variable;
    }

    private string NameOf(ActorAddress actor, int number) => actor.Role switch
    {
        ActorRole.Vcpu => _names.Line(number),
        ActorRole.Eiointc => $"vector{number}",
        ActorRole.Gic => $"intid{number}",
        _ => $"pin{number}",
    };

    /// <summary>One line, pin or vector.</summary>
    internal sealed record Variable(ActorAddress Actor, int Number, string Code, string Name)
    {
        public bool Level { get; set; }
    }
}
