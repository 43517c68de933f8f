using Trapline.Actors.Guests;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Devices.LoongArch.Profiles;

namespace Trapline.Machines.Quirks;

/// <summary>A bug that the real code once had, or has, as a switch on top of whatever profile a machine has.</summary>
/// <param name="Name">What scenarios call it.</param>
/// <param name="Row">Which switch it sets: a row of <see cref="ProfileRows"/> or <see cref="GicProfileRows"/>, or a name for one of the paravirtual interface. Two quirks of one row exclude one another.</param>
/// <param name="Defects">Where it is told of: numbers of the specification's tables of defects and differences.</param>
/// <param name="What">What goes wrong, in a sentence.</param>
/// <param name="Since">The first version that had it.</param>
/// <param name="Fixed">The first version that had it no more.</param>
/// <param name="Visible">What a guest or user space sees of it.</param>
/// <param name="Exposed">The invariant, expectation or comparison that fails with it, and where.</param>
public sealed record Quirk(
    string Name,
    string Row,
    string Defects,
    string What,
    string Since,
    string Fixed,
    string Visible,
    string Exposed)
{
    /// <summary>What it changes of the interrupt controllers and the CPU; null if nothing.</summary>
    public Func<LoongArchProfile, LoongArchProfile>? Controllers { get; init; }

    /// <summary>What it changes of a GIC; null if nothing.</summary>
    public Func<GicProfile, GicProfile>? Gic { get; init; }

    /// <summary>Whose machines can have it.</summary>
    public GuestArchitecture Architecture => Gic is null ? GuestArchitecture.LoongArch : GuestArchitecture.Arm;

    /// <summary>What it changes of the paravirtual interface; null if nothing.</summary>
    public Func<ParavirtProfile, ParavirtProfile>? Paravirt { get; init; }

    /// <summary>A name stands for all the rest.</summary>
    public bool Equals(Quirk? other) => other is not null && Name == other.Name;

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Name);
}
