using Trapline.Devices.Arm.Profiles;
using Xunit;

namespace Trapline.Conformance.Tests;

/// <summary>Under another profile than the recorded machine's, every difference comes from rows of the table of differences.</summary>
public sealed class GicProfileTests
{
    public static TheoryData<string> Names => GicRecorded.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Rows_of_the_table_explain_each_difference(string name)
    {
        var result = Recorded.Replay(GicRecorded.PathOf(name), GicProfiles.Kvm.Name, 0);
        Assert.Null(result.Error);
        Assert.NotEqual(0, result.Mismatches);
        Assert.NotNull(result.Explanation);
        Assert.Equal(0, result.Explanation.Recorded);
        Assert.Contains(result.Explanation.Rows, row => row.Row == "G8");
        Assert.True(result.Explanation.Complete, $"{result.Mismatches} mismatches, but {string.Join(", ", result.Explanation.Rows)} cause {result.Explanation.Together}");
    }

    [Fact]
    public void Every_row_is_a_switch_of_its_own()
    {
        // Each row takes exactly one property over, and together they take all but the name.
        foreach (var other in GicProfiles.All)
        {
            var taken = GicProfileRows.All.Aggregate(GicProfiles.Kvm, (profile, row) => row.Take(profile, other));
            Assert.Equal(other, taken with { Name = other.Name });
            foreach (var row in GicProfileRows.Between(GicProfiles.Kvm, other))
            {
                var one = row.Take(GicProfiles.Kvm, other);
                Assert.Equal([row], GicProfileRows.Between(GicProfiles.Kvm, one));
            }
        }

        Assert.Equal(typeof(GicProfile).GetProperties().Length - 1, GicProfileRows.All.Count);
        Assert.Equal(GicProfileRows.All.Count, GicProfileRows.All.Select(row => row.Id).Distinct().Count());
    }
}
