using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common.Profiles;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Devices.LoongArch.Profiles;

namespace Trapline.Machines.Quirks;

/// <summary>The quirks of a machine, in the order of <see cref="QuirkTable"/>; a value: sets with the same quirks are equal.</summary>
public sealed class QuirkSet : IEquatable<QuirkSet>
{
    public static readonly QuirkSet None = new([]);

    public QuirkSet(IEnumerable<Quirk> quirks)
    {
        var chosen = quirks.ToHashSet();
        All = [.. QuirkTable.All.Where(chosen.Contains)];
    }

    public IReadOnlyList<Quirk> All { get; }

    public LoongArchProfile ApplyTo(LoongArchProfile profile) =>
        All.Aggregate(profile, (changed, quirk) => quirk.Controllers?.Invoke(changed) ?? changed);

    public GicProfile ApplyTo(GicProfile profile) =>
        All.Aggregate(profile, (changed, quirk) => quirk.Gic?.Invoke(changed) ?? changed);

    /// <summary>Those of the profile's own architecture are applied.</summary>
    public IProfile ApplyTo(IProfile profile) => profile switch
    {
        LoongArchProfile loongArch => ApplyTo(loongArch),
        GicProfile gic => ApplyTo(gic),
        _ => profile,
    };

    public ParavirtProfile ApplyTo(ParavirtProfile profile) =>
        All.Aggregate(profile, (changed, quirk) => quirk.Paravirt?.Invoke(changed) ?? changed);

    public bool Equals(QuirkSet? other) => other is not null && All.SequenceEqual(other.All);

    public override bool Equals(object? obj) => Equals(obj as QuirkSet);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

    /// <summary>The names, <c>second-bitmap, mask-withdraws</c>.</summary>
    public override string ToString() => string.Join(", ", All.Select(quirk => quirk.Name));
}
