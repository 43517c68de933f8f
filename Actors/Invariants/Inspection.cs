using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Invariants;

/// <summary>The registers of a vCPU, controller or device at one side of a migration: what the guest left there, or what it will find.</summary>
public sealed class Inspection
{
    /// <summary>Far above what any actor has: EIOINTC's rows of 256 CPUs.</summary>
    public const int MostRows = 65_536;

    private const int LongestName = 256;

    private VirtualTime _at;
    private ActorAddress _actor;
    private bool _isAfter;
    private int _source;
    private int _ordinal;

    public VirtualTime At { get => _at; init => _at = value; }

    public ActorAddress Actor { get => _actor; init => _actor = value; }

    /// <summary>At the destination, before the guest runs; else at the source, after it was stopped.</summary>
    public bool IsAfter { get => _isAfter; init => _isAfter = value; }

    /// <summary>The host that the VM leaves.</summary>
    public int Source { get => _source; init => _source = value; }

    /// <summary>How many migrations had begun there, this one included.</summary>
    public int Ordinal { get => _ordinal; init => _ordinal = value; }

    /// <summary>By name, in the actor's own order.</summary>
    public List<KeyValuePair<string, ulong>> Rows { get; } = [];

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Row("at", ref _at);
        sync.Row("actor", ref _actor);
        sync.Row("isAfter", ref _isAfter);
        sync.Row("source", ref _source);
        sync.Row("ordinal", ref _ordinal);
        sync.List("rows", "row", Rows, MostRows, static (StateSync rows, ref KeyValuePair<string, ulong> row) =>
        {
            var (name, value) = row;
            name ??= "";
            rows.Text("name", ref name, LongestName);
            rows.Row("value", ref value);
            row = new(name, value);
        });
    }
}
