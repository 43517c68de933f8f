using Trapline.Devices.LoongArch.Profiles;
using Trapline.Machines.Quirks;
using Xunit;

namespace Trapline.Machines.Tests.Scenarios;

/// <summary>The key <c>machine.quirks</c>, and <c>quirks</c> in a choice of the matrix.</summary>
public sealed class QuirkReaderTests : IDisposable
{
    private readonly ScenarioFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_machine_has_the_quirks_of_its_list_and_behaves_so()
    {
        var variant = _folder.LoadValid(Machine("[mask-withdraws, second-bitmap]")).Variants[0];

        Assert.Equal("second-bitmap, mask-withdraws", variant.Machine.Quirks.ToString());
        Assert.True(((LoongArchProfile)variant.Behaviour).PicMaskWithdraws);
        Assert.False(((LoongArchProfile)variant.Profile).PicMaskWithdraws);
        Assert.Same(QuirkSet.None, _folder.LoadValid(ScenarioFolder.Valid).Variants[0].Machine.Quirks);
        Assert.Equal(QuirkSet.None, _folder.LoadValid(Machine("[]")).Variants[0].Machine.Quirks);
    }

    [Fact]
    public void A_choice_of_the_matrix_may_have_quirks_of_its_own()
    {
        var text = ScenarioFolder.Valid.Replace("  pattern: {", "  bug: {fixed: {}, v5: {quirks: [second-bitmap]}, none: {quirks: []}}\n  pattern: {", StringComparison.Ordinal);
        var variants = _folder.LoadValid(text).Variants.Where(variant => variant.Name.StartsWith("vcpus=2 ", StringComparison.Ordinal) && variant.Name.EndsWith("one-to-all", StringComparison.Ordinal));

        Assert.Equal(["", "second-bitmap", ""], variants.Select(variant => variant.Machine.Quirks.ToString()));
    }

    [Theory]
    [InlineData("[second-bitmpa]", "9:12: error: machine.quirks names 'second-bitmpa', which is no quirk; did you mean 'second-bitmap'?; 'trapline quirks' lists them")]
    [InlineData("[second-bitmap, second-bitmap]", "9:27: error: machine.quirks has 'second-bitmap' twice; remove one")]
    [InlineData("[second-bitmap, bitmap-unread]", "9:27: error: machine.quirks has 'second-bitmap' and 'bitmap-unread', which exclude one another; remove one")]
    [InlineData("[[second-bitmap]]", "9:12: error: machine.quirks has a list where a name such as second-bitmap must be")]
    [InlineData("second-bitmap", "9:11: error: machine.quirks must be a list of names such as [second-bitmap], not 'second-bitmap'")]
    [InlineData("[vcpus-255]", "22:3: error: vcpus of the variant vcpus=256 pattern=one-to-all is 256, but a machine with the profile kvm has at most 255 CPUs; take fewer or another machine.profile")]
    public void What_is_wrong_is_told_where_it_stands(string list, string error) =>
        Assert.Equal(error, _folder.Errors(Machine(list))[0]);

    [Fact]
    public void Quirks_are_no_axis()
    {
        var text = ScenarioFolder.Valid.Replace("  pattern: {", "  quirks: [second-bitmap]\n  pattern: {", StringComparison.Ordinal);
        Assert.StartsWith("22:3: error: matrix.quirks is no axis, for a machine has a list of them", Assert.Single(_folder.Errors(text)), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_axes_may_not_both_have_quirks()
    {
        var text = ScenarioFolder.Valid.Replace("  pattern: {", "  a: {x: {quirks: [second-bitmap]}}\n  b: {y: {quirks: [mask-withdraws]}}\n  pattern: {", StringComparison.Ordinal);
        Assert.Contains("'quirks', which matrix.a varies already", Assert.Single(_folder.Errors(text)), StringComparison.Ordinal);
    }

    private static string Machine(string list) => ScenarioFolder.Valid.Replace("  profile: kvm\n", $"  profile: kvm\n  quirks: {list}\n", StringComparison.Ordinal);
}
