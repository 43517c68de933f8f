using System.Text.RegularExpressions;
using Trapline.Actors.Guests;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Machines.Quirks;
using Xunit;

namespace Trapline.Machines.Tests.Quirks;

public sealed class QuirkTableTests
{
    public static TheoryData<string> Names => [.. QuirkTable.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_quirk_is_one_switch_of_controllers_or_paravirtual_interface(string name)
    {
        var quirk = QuirkTable.Find(name)!;
        var set = new QuirkSet([quirk]);
        var rows = ProfileRows.Between(LoongArchProfiles.Kvm, set.ApplyTo(LoongArchProfiles.Kvm)).Select(row => row.Id);
        var paravirt = typeof(ParavirtProfile).GetProperties().Count(property => !Equals(property.GetValue(ParavirtProfiles.Final), property.GetValue(set.ApplyTo(ParavirtProfiles.Final))));

        Assert.Matches(new Regex("^[a-z0-9-]+$"), name);
        var gic = GicProfileRows.Between(GicProfiles.Kvm, set.ApplyTo(GicProfiles.Kvm)).Select(row => row.Id);
        Assert.Equal(quirk.Gic is null ? [] : new[] { quirk.Row }, gic);
        if (quirk.Gic is not null)
        {
            Assert.Equal((0, 0), (rows.Count(), paravirt));
            Assert.Same(GuestArchitecture.Arm, quirk.Architecture);
        }
        else if (quirk.Controllers is null)
        {
            Assert.Empty(rows);
            Assert.Equal(1, paravirt);
        }
        else
        {
            Assert.Equal([quirk.Row], rows);
            Assert.Equal(0, paravirt);
        }
    }

    [Fact]
    public void Names_are_unique_and_a_set_is_its_names_in_the_order_of_the_table()
    {
        Assert.Equal(QuirkTable.Names.Count, QuirkTable.Names.Distinct().Count());
        var (first, second) = (QuirkTable.All[0], QuirkTable.All[^1]);
        Assert.Equal(new QuirkSet([first, second]), new QuirkSet([second, first]));
        Assert.NotEqual(new QuirkSet([first]), QuirkSet.None);
        Assert.Equal($"{first.Name}, {second.Name}", new QuirkSet([second, first]).ToString());
    }

    [Fact]
    public void The_manual_has_the_table_of_quirks()
    {
        var rows = QuirkTable.All.Select(quirk => $"| `{quirk.Name}` | {quirk.Defects} | {quirk.What} | {quirk.Since} | {quirk.Fixed} | {quirk.Exposed.Replace("|", "\\|", StringComparison.Ordinal)} |");
        var table = string.Join('\n', ["| quirk | told of in | what | since | fixed in | exposed by |", "| --- | --- | --- | --- | --- | --- |", .. rows]);
        var manual = File.ReadAllText(Repository.PathOf("docs", "manual", "quirks.md"));
        Assert.True(manual.Contains(table, StringComparison.Ordinal), $"docs/manual/quirks.md should have this table:\n{table}");
    }

    [Fact]
    public void The_manual_tells_of_every_defect_of_the_tables_be_it_a_quirk_or_not()
    {
        var manual = File.ReadAllText(Repository.PathOf("docs", "manual", "quirks.md"));
        var defects = Enumerable.Range(1, 20).Select(number => $"F{number}").Concat(["FQ1", "FQ2", "FQ3", "FQ4", "V5", "V6", "V7"])
            .Concat(Enumerable.Range(1, 37).Select(number => $"B{number}"));
        Assert.All(defects, defect => Assert.Matches(new Regex($@"\b{defect}\b"), manual));
    }
}
