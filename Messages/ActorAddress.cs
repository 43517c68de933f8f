namespace Trapline.Messages;

/// <summary>
/// The stable name of an actor, the same on every node and in every run of a scenario:
/// bits 30:24 machine, 23:16 role, 15:0 index within machine and role. Bit 31 marks an echo.
/// </summary>
public readonly record struct ActorAddress(uint Value) : IComparable<ActorAddress>
{
    public const int MachineLimit = 128;
    public const int IndexLimit = 65_536;

    private const uint EchoBit = 1u << 31;

    public static readonly ActorAddress None;

    public ActorAddress(int machine, ActorRole role, int index)
        : this(((uint)machine << 24) | ((uint)role << 16) | (uint)index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)machine, (uint)MachineLimit, nameof(machine));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)IndexLimit, nameof(index));
    }

    public int Machine => (int)(Value >> 24) & (MachineLimit - 1);

    public ActorRole Role => (ActorRole)(byte)(Value >> 16);

    public int Index => (int)(Value & 0xFFFF);

    /// <summary>
    /// The address under which a message is sent once more by a fault: the receiver sees who it is from, and what it answers
    /// goes to nobody, for the sender has its answer already.
    /// </summary>
    public ActorAddress Echo => new(Value | EchoBit);

    public bool IsEcho => (Value & EchoBit) != 0;

    /// <summary>Of an echo the actor that it stands for; else the address itself.</summary>
    public ActorAddress Original => new(Value & ~EchoBit);

    public int CompareTo(ActorAddress other) => Value.CompareTo(other.Value);

    public override string ToString()
    {
        var name = $"{Role.ToString().ToLowerInvariant()}{Index}";
        name = Machine == 0 ? name : $"machine{Machine}.{name}";
        return IsEcho ? $"echo of {name}" : name;
    }
}
