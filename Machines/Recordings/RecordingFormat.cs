namespace Trapline.Machines.Recordings;

/// <summary>The grammars of recordings; the first line of a file says which it has.</summary>
public enum RecordingFormat : byte
{
    /// <summary><c># recording NAME</c>: the controllers of a LoongArch machine.</summary>
    LoongArch,

    /// <summary><c># gicv3-its recording, grammar version 1</c>: GICv3 and ITS of an ARM machine.</summary>
    Gic,
}
