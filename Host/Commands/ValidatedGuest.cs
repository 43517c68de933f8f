namespace Trapline.Host.Commands;

/// <summary>An assembled guest.</summary>
internal sealed record ValidatedGuest(
    int Vcpus,
    int Instructions,
    int SharedBytes,
    int PerCpuBytes,
    IReadOnlyList<string> Files,
    IReadOnlyList<string> Counters,
    IReadOnlyList<string> Marks,
    bool DrawsRandom);
