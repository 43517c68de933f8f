using System.Text.Json;
using Xunit;

namespace Trapline.Host.Tests;

public sealed class ReplayCommandTests : IDisposable
{
    private const string Good =
        "# recording test\n# qemu 11.1.3 (somewhere)\n# smp 1\n# v-eiointc on\n"
        + "W 0 iocsr 0x1004 4 0xffffffff\nR 0 iocsr 0x1004 4 0xffffffff\nW 0 iocsr 0x1040 4 0x80000003\nO 0 12 1\n"
        + "# end complete: the test is over\n";

    private const string GoodGic =
        "# gicv3-its recording, grammar version 1\n# qemu: 11.1.3\n# cpus: 1\n# events: W=6 L=1 I=2 A=1 R=1\n"
        + "W 0 icc ICH_HCR_EL2 8 0x0\nW 0 dist 0x0 4 0x3\nW 0 icc PMR 8 0xf0\nW 0 icc IGRPEN1 8 0x1\nW 0 redist0 0x10080 4 0xffffffff\nW 0 redist0 0x10100 4 0x8000000\n"
        + "L ppi 0 27 1\nI 0 1\nA 0 27\nI 0 0\nR 0 redist0 0x10300 4 0x8000000\n";

    private readonly TestFolder _folder = new();
    private readonly CommandLine _line = new();

    public void Dispose()
    {
        _line.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Agreement_is_exit_code_0()
    {
        Assert.Equal(ExitCodes.Done, _line.Run("replay", Write("good.trace", Good)));
        Assert.Contains("good.trace qemu-11", _line.Output, StringComparison.Ordinal);
        Assert.Contains("ok 4 events, 2 compared, 0 mismatches", _line.Output, StringComparison.Ordinal);
        Assert.Equal("", _line.Error);
    }

    [Fact]
    public void Recordings_of_both_architectures_are_replayed_side_by_side()
    {
        Assert.Equal(ExitCodes.Done, _line.Run("replay", Write("good.trace", Good), Write("gic.trace", GoodGic)));
        Assert.Contains("good.trace qemu-11", _line.Output, StringComparison.Ordinal);
        Assert.Contains("gic.trace: skipped 1 x ICH_HCR_EL2: registers that a hypervisor has for its own guests are not modelled", _line.Output, StringComparison.Ordinal);
        Assert.Contains("ok 15 events, 6 compared, 0 mismatches", _line.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_counts_what_is_compared_of_a_gic()
    {
        Assert.Equal(ExitCodes.Failed, _line.Run("replay", "--json", Write("gic.trace", GoodGic.Replace("A 0 27", "A 0 30", StringComparison.Ordinal))));
        using var json = JsonDocument.Parse(_line.Output);
        var file = json.RootElement.GetProperty("files")[0];
        Assert.Equal(1, file.GetProperty("reads").GetInt64());
        Assert.Equal(1, file.GetProperty("acknowledges").GetInt64());
        Assert.Equal(2, file.GetProperty("levels").GetInt64());
        Assert.Equal("ICH_HCR_EL2", file.GetProperty("skippedEvents")[0].GetProperty("what").GetString());
        var mismatch = file.GetProperty("firstMismatches")[0];
        Assert.Equal(13, mismatch.GetProperty("line").GetInt64());
        Assert.Equal("30", mismatch.GetProperty("expected").GetString());
        Assert.Equal("27", mismatch.GetProperty("actual").GetString());
        Assert.Contains("cpu[0].private.active = 0x8000000", mismatch.GetProperty("state").EnumerateArray().Select(row => row.GetString()));
    }

    [Fact]
    public void What_a_damaged_file_showed_before_is_printed()
    {
        var path = Write("gic.trace", GoodGic.Replace("A 0 27", "A 0 30", StringComparison.Ordinal).Replace("R 0 redist0 0x10300 4 0x8000000\n", "", StringComparison.Ordinal));

        Assert.Equal(ExitCodes.Usage, _line.Run("replay", path));
        Assert.Contains($"{path}:13: A 0 30\n", _line.Output, StringComparison.Ordinal);
        Assert.Equal($"{path}:15: error: the file ends here with 0 lines 'R', but its head counts 1: it was truncated or has lost lines\n", _line.Error);
    }

    [Fact]
    public void A_profile_that_its_architecture_has_not_is_an_error_of_the_file()
    {
        var path = Write("gic.trace", GoodGic);

        Assert.Equal(ExitCodes.Usage, _line.Run("replay", "--profile", "kvm-6.18", path));
        Assert.Equal($"{path}: error: its controllers have no profile 'kvm-6.18'; they have kvm, qemu-11\n", _line.Error);
    }

    [Fact]
    public void A_mismatch_is_exit_code_1_and_shows_line_register_values_and_state()
    {
        var path = Write("bad.trace", Good.Replace("R 0 iocsr 0x1004 4 0xffffffff", "R 0 iocsr 0x1004 4 0x7", StringComparison.Ordinal));

        Assert.Equal(ExitCodes.Failed, _line.Run("replay", path));
        Assert.Contains($"{path}:6: R 0 iocsr 0x1004 4 0x7\n", _line.Output, StringComparison.Ordinal);
        Assert.Contains("read       EN\n", _line.Output, StringComparison.Ordinal);
        Assert.Contains("expected   0x7\n", _line.Output, StringComparison.Ordinal);
        Assert.Contains("actual     0xffffffff\n", _line.Output, StringComparison.Ordinal);
        Assert.Contains("before     5: W 0 iocsr 0x1004 4 0xffffffff\n", _line.Output, StringComparison.Ordinal);
        Assert.Contains("EN = 0xffffffff", _line.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_is_exit_code_2_and_the_others_are_replayed()
    {
        var bad = Write("bad.trace", Good.Replace("O 0 12 1", "O 0 12 7", StringComparison.Ordinal));

        Assert.Equal(ExitCodes.Usage, _line.Run("replay", bad, Write("good.trace", Good)));
        Assert.Equal($"{bad}:8: error: '7' should be a level, 0 or 1\n", _line.Error);
        Assert.Contains("ok 4 events", _line.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_a_row_for_each_file_also_for_one_that_cannot_be_read()
    {
        Assert.Equal(ExitCodes.Usage, _line.Run("replay", "--json", Write("good.trace", Good), _folder.PathOf("missing.trace")));
        using var json = JsonDocument.Parse(_line.Output);
        var files = json.RootElement.GetProperty("files");
        Assert.Equal(2, files.GetArrayLength());
        Assert.Equal("qemu-11", files[0].GetProperty("profile").GetString());
        Assert.Equal(4, files[0].GetProperty("events").GetInt64());
        Assert.Equal(2, files[0].GetProperty("compared").GetInt64());
        Assert.Equal(0, files[0].GetProperty("skipped").GetInt64());
        Assert.Equal(0, files[0].GetProperty("mismatches").GetInt64());
        Assert.Contains("missing.trace", files[1].GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_profile_is_explained_by_rows_of_the_table()
    {
        // EN is 0: QEMU raises no line, KVM does.
        var path = Write("gated.trace", Good.Replace("W 0 iocsr 0x1004 4 0xffffffff\nR 0 iocsr 0x1004 4 0xffffffff\n", "", StringComparison.Ordinal).Replace("O 0 12 1\n", "", StringComparison.Ordinal));

        Assert.Equal(ExitCodes.Done, _line.Run("replay", path));
        Assert.Equal(ExitCodes.Failed, _line.Run("replay", path, "--profile", "kvm"));
        Assert.Contains("D1   IPI EN gates the line: no instead of yes; alone 1\n  These differences together cause all 1.\n", _line.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_disagrees_under_the_recorded_profile_too_is_explained_by_no_row()
    {
        var path = Write("bad.trace", Good.Replace("R 0 iocsr 0x1004 4 0xffffffff", "R 0 iocsr 0x1004 4 0x7", StringComparison.Ordinal));

        Assert.Equal(ExitCodes.Failed, _line.Run("replay", path, "--profile", "kvm"));
        Assert.Contains("Under the recorded profile too: 1,", _line.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("alone", _line.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_told_from_a_file()
    {
        Assert.Equal(ExitCodes.Usage, _line.Run("replay", _folder.Root));
        Assert.Equal($"{_folder.Root}: error: it is a folder; name the recordings in it\n", _line.Error);
    }

    [Theory]
    [InlineData("replay", "trapline replay needs FILE")]
    [InlineData("replay x --profile kvn", "--profile is 'kvn'; did you mean kvm? It must be one of kvm, kvm-6.18, kvm-6.17, kvm-6.16, kvm-6.13, qemu-11, qemu-7.2")]
    [InlineData("replay x --mismatches 1001", "--mismatches is '1001'; it must be a whole number from 0 to 1000")]
    public void Wrong_usage_is_one_clear_message(string words, string message)
    {
        Assert.Equal(ExitCodes.Usage, _line.Run(words.Split(' ')));
        Assert.StartsWith($"trapline: error: {message}\n", _line.Error, StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        var path = _folder.PathOf(name);
        File.WriteAllText(path, text);
        return path;
    }
}
