namespace Trapline.Machines.Quirks;

/// <summary>
/// All quirks: each upstream defect with an effect that a guest or user space can see. What a version does differently without
/// being wrong is a row of its profile alone; what only locking or memory of the host shows is in the manual.
/// </summary>
public static class QuirkTable
{
    public static IReadOnlyList<Quirk> All { get; } =
        [.. ParavirtQuirks.All, .. IpiQuirks.All, .. EiointcQuirks.All, .. PchPicQuirks.All, .. CpuQuirks.All, .. GicQuirks.All];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(quirk => quirk.Name)];

    /// <summary>The quirk of a name, or null.</summary>
    public static Quirk? Find(string name) => All.FirstOrDefault(quirk => quirk.Name == name);
}
