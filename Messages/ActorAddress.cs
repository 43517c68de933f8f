namespace Trapline.Messages;

/// <summary>
/// The stable name of an actor, the same on every node and in every run of a scenario:
/// bits 31:24 machine, 23:16 role, 15:0 index within machine and role.
/// </summary>
public readonly record struct ActorAddress(uint Value) : IComparable<ActorAddress>
{
    public const int MachineLimit = 256;
    public const int IndexLimit = 65_536;

    public static readonly ActorAddress None;

    public ActorAddress(int machine, ActorRole role, int index)
        : this(((uint)machine << 24) | ((uint)role << 16) | (uint)index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)machine, (uint)MachineLimit, nameof(machine));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)IndexLimit, nameof(index));
    }

    public int Machine => (int)(Value >> 24);

    public ActorRole Role => (ActorRole)(byte)(Value >> 16);

    public int Index => (int)(Value & 0xFFFF);

    public int CompareTo(ActorAddress other) => Value.CompareTo(other.Value);

    public override string ToString()
    {
        var name = $"{Role.ToString().ToLowerInvariant()}{Index}";
        return Machine == 0 ? name : $"machine{Machine}.{name}";
    }
}
