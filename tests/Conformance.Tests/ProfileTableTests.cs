using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common.Profiles;
using Trapline.Devices.LoongArch.Profiles;
using Xunit;

namespace Trapline.Conformance.Tests;

/// <summary>The table of the manual is the table of the code.</summary>
public sealed class ProfileTableTests
{
    [Fact]
    public void The_manual_has_the_table_of_differences() => IsInTheManual(Lines(LoongArchProfiles.All, ProfileRows.All));

    [Fact]
    public void The_manual_has_the_table_of_differences_of_gicv3() => IsInTheManual(Lines(GicProfiles.All, GicProfileRows.All));

    private static void IsInTheManual(IEnumerable<string> lines)
    {
        var table = string.Join('\n', lines);
        var manual = File.ReadAllText(Recorded.PathInTree("docs", "manual", "profiles.md"));
        Assert.True(manual.Contains(table, StringComparison.Ordinal), $"docs/manual/profiles.md should have this table:\n{table}");
    }

    private static IEnumerable<string> Lines<TProfile>(IReadOnlyList<TProfile> profiles, IReadOnlyList<ProfileRow<TProfile>> rows)
        where TProfile : IProfile
    {
        yield return $"| row | about | {string.Join(" | ", profiles.Select(profile => $"`{profile.Name}`"))} |";
        yield return $"| --- | --- |{string.Concat(profiles.Select(_ => " --- |"))}";
        foreach (var row in rows)
        {
            yield return $"| {row.Id} | {row.Topic} | {string.Join(" | ", profiles.Select(profile => row.Show(profile)))} |";
        }
    }
}
