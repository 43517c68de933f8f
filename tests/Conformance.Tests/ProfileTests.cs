using System.Diagnostics;
using Trapline.Devices.LoongArch.Profiles;
using Xunit;

namespace Trapline.Conformance.Tests;

/// <summary>Under another profile than the recorded machine's, every difference comes from rows of the table of differences.</summary>
public sealed class ProfileTests
{
    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var name in new[] { "c-smp16-work", "e-smp4-msix", "f-smp4-uart-rtc", "g-smp4-ipi", "i-smp4-msix-noveio" })
            {
                foreach (var profile in LoongArchProfiles.All.Where(profile => profile != LoongArchProfiles.Qemu11))
                {
                    pairs.Add(name, profile.Name);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Rows_of_the_table_explain_each_difference(string name, string profile)
    {
        var result = Recorded.Replay(Recorded.PathOf(name), profile, 0);
        Assert.Null(result.Error);
        if (result.Mismatches > 0)
        {
            Assert.NotNull(result.Explanation);
            Assert.NotEmpty(result.Explanation.Rows);
            Assert.True(result.Explanation.Complete, $"{result.Mismatches} mismatches, but {string.Join(", ", result.Explanation.Rows)} cause {result.Explanation.Together}");
        }
    }

    /// <summary>What comes through a pipe is read once: explaining it would wait for another writer, for ever.</summary>
    [Fact]
    public async Task A_pipe_is_replayed_and_not_explained()
    {
        var pipe = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using (var made = Process.Start("mkfifo", pipe))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        try
        {
            var writing = Task.Run(() => File.WriteAllBytes(pipe, File.ReadAllBytes(Recorded.PathOf("a-smp1-work"))), TestContext.Current.CancellationToken);
            var replaying = Task.Run(() => Recorded.Replay(pipe, LoongArchProfiles.Kvm616.Name), TestContext.Current.CancellationToken);
            Assert.Same(replaying, await Task.WhenAny(replaying, Task.Delay(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)));
            var result = await replaying;
            await writing;
            Assert.Null(result.Error);
            Assert.Equal(1, result.Mismatches);
            Assert.Null(result.Explanation);
        }
        finally
        {
            File.Delete(pipe);
        }
    }

    [Fact]
    public void Every_row_is_a_switch_of_its_own()
    {
        // Each row takes exactly one property over, and together they take all but the name.
        foreach (var other in LoongArchProfiles.All)
        {
            var taken = ProfileRows.All.Aggregate(LoongArchProfiles.Kvm, (profile, row) => row.Take(profile, other));
            Assert.Equal(other, taken with { Name = other.Name });
            foreach (var row in ProfileRows.Between(LoongArchProfiles.Kvm, other))
            {
                var one = row.Take(LoongArchProfiles.Kvm, other);
                Assert.Equal([row], ProfileRows.Between(LoongArchProfiles.Kvm, one));
            }
        }

        Assert.Equal(typeof(LoongArchProfile).GetProperties().Length - 1, ProfileRows.All.Count);
        Assert.Equal(ProfileRows.All.Count, ProfileRows.All.Select(row => row.Id).Distinct().Count());
    }
}
