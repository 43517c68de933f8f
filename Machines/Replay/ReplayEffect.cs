using Trapline.Machines.Recordings;

namespace Trapline.Machines.Replay;

/// <summary>Something that the devices did in answer to an input: what a recording logs as a line of its own.</summary>
/// <param name="Kind">Nested access, vector pin or CPU line.</param>
/// <param name="Cpu">Whose registers or line; 0 for a pin.</param>
/// <param name="Pin">Vector or line; 0 for an access.</param>
/// <param name="Address">IOCSR address of a nested access.</param>
/// <param name="Value">Value of a nested access, or the level.</param>
internal readonly record struct ReplayEffect(RecordingKind Kind, int Cpu, int Pin, ulong Address, ulong Value)
{
    public static ReplayEffect Of(in RecordingEvent recorded) => recorded.Kind is RecordingKind.NestedRead or RecordingKind.NestedWrite
        ? new(recorded.Kind, recorded.Cpu, 0, recorded.Address, recorded.Value)
        : new(recorded.Kind, recorded.Cpu, recorded.Pin, 0, recorded.Value);

    /// <summary>As a recording would have it; nested accesses are of four bytes.</summary>
    public override string ToString() => new RecordingEvent
    {
        Kind = Kind,
        Cpu = Cpu,
        Pin = Pin,
        Address = Address,
        Size = sizeof(uint),
        Value = Value,
    }.ToString();
}
