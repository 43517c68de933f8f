using Trapline.Machines.Recordings.LoongArch;

namespace Trapline.Machines.Replay.LoongArch;

/// <summary>Something that the devices did in answer to an input: what a recording logs as a line of its own.</summary>
/// <param name="Kind">Nested access, vector pin or CPU line.</param>
/// <param name="Cpu">Whose registers or line; 0 for a pin.</param>
/// <param name="Pin">Vector or line; 0 for an access.</param>
/// <param name="Address">IOCSR address of a nested access.</param>
/// <param name="Value">Value of a nested access, or the level.</param>
internal readonly record struct ReplayEffect(LoongArchEventKind Kind, int Cpu, int Pin, ulong Address, ulong Value)
{
    public static ReplayEffect Of(in LoongArchEvent recorded) => recorded.Kind is LoongArchEventKind.NestedRead or LoongArchEventKind.NestedWrite
        ? new(recorded.Kind, recorded.Cpu, 0, recorded.Address, recorded.Value)
        : new(recorded.Kind, recorded.Cpu, recorded.Pin, 0, recorded.Value);

    /// <summary>As a recording would have it; nested accesses are of four bytes.</summary>
    public override string ToString() => new LoongArchEvent
    {
        Kind = Kind,
        Cpu = Cpu,
        Pin = Pin,
        Address = Address,
        Size = sizeof(uint),
        Value = Value,
    }.ToString();
}
