using Trapline.Cluster.Runs.Acts;
namespace Trapline.Cluster.Runs.Checkpoints;

/// <summary>The part <c>run</c>: which run it is, what it was asked for, and where it was cut. How it was carried out is not in it: a cut at one time is the same on any threads and for any window.</summary>
/// <param name="Scenario">Name.</param>
/// <param name="Variant">Name.</param>
/// <param name="Seed">Of the run, wherever it came from.</param>
/// <param name="UntilPs">As the command line had it, picoseconds; null where the scenario's own holds.</param>
/// <param name="Smoke">Whether it runs for its smoke length.</param>
/// <param name="Invariants">Whether they are watched over.</param>
/// <param name="Faults">Those of the command line, as text.</param>
/// <param name="Fingerprint">Of this variant alone, see <see cref="RunFingerprint"/>.</param>
/// <param name="RunFingerprint">Of all variants of the run that was cut: its journal has it.</param>
/// <param name="AtPs">The cut, picoseconds.</param>
/// <param name="Digest">Over the state of all groups, in 32 hexadecimal digits.</param>
/// <param name="JournalPosition">Acts of <paramref name="Acts"/> that had taken effect.</param>
/// <param name="Acts">What a person does to this variant, as far as the run knows it: done, and to be repeated.</param>
internal sealed record RunPart(
    string Scenario,
    string Variant,
    ulong Seed,
    long? UntilPs,
    bool Smoke,
    bool Invariants,
    IReadOnlyList<string> Faults,
    string Fingerprint,
    string RunFingerprint,
    long AtPs,
    string Digest,
    int JournalPosition,
    IReadOnlyList<JournalEntry> Acts);
