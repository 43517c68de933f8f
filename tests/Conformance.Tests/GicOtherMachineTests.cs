using Xunit;

namespace Trapline.Conformance.Tests;

/// <summary>Recordings of machines that nobody recorded: what is different in them follows from QEMU's sources, all else from a recording.</summary>
public sealed class GicOtherMachineTests
{
    private static readonly string[] Head = ["# gicv3-its recording, grammar version 1", "# qemu: 11.1.3"];

    /// <summary>The boot of smp1 without its LPIs: no ITS, GICD_TYPER and GICR_TYPER without LPIs, GICR_CTLR without CES.</summary>
    [Fact]
    public void A_boot_without_an_ITS()
    {
        List<string> lines = [];
        var waits = 0;
        foreach (var line in GicRecorded.Lines("smp1"))
        {
            var fields = line.Split(' ');
            var isLpi = fields[0] is "A" or "E" && int.Parse(fields[2], System.Globalization.CultureInfo.InvariantCulture) >= 8192;
            if (fields[0] is "C" or "M" or "P" or "F" || isLpi || line.Contains(" its ", StringComparison.Ordinal) || IsOfLpis(fields))
            {
                // A message raises the line and its acknowledge lowers it.
                waits = fields[0] == "M" || (fields[0] == "A" && isLpi) ? 1 : waits;
                continue;
            }

            if (fields[0] == "I" && waits-- > 0)
            {
                continue;
            }

            waits = 0;
            lines.Add(line.Replace("its=on", "its=off", StringComparison.Ordinal)
                .Replace("R 0 dist 0x4 4 0x37a0008", "R 0 dist 0x4 4 0x3780008", StringComparison.Ordinal)
                .Replace("R 0 redist0 0x8 8 0x1000011", "R 0 redist0 0x8 8 0x1000010", StringComparison.Ordinal)
                .Replace("R 0 redist0 0x0 4 0x2", "R 0 redist0 0x0 4 0x0", StringComparison.Ordinal));
        }

        var result = Recorded.Replay(lines);
        Assert.Null(result.Error);
        Assert.True(result.Mismatches == 0, string.Join('\n', result.FirstMismatches));
        Assert.InRange(result.Events, 2_500, 3_323);
    }

    /// <summary>QEMU's distributor has GICv3.3's interrupts where the CPU has FEAT_NMI, and a kernel that does not know them does not look.</summary>
    [Fact]
    public void A_boot_on_the_greatest_cpu()
    {
        List<string> lines = [.. GicRecorded.Lines("smp4").Select(line => line.Replace(" dist 0x4 4 0x37a0008", " dist 0x4 4 0x37a0208", StringComparison.Ordinal))];
        Assert.NotEqual(0, Recorded.Replay(lines).Mismatches);
        Assert.Equal(0, Recorded.Replay(lines.Select(line => line.Replace("-cpu cortex-a57", "-cpu max", StringComparison.Ordinal))).Mismatches);
    }

    /// <summary>The redistributors of QEMU's virt are in two regions from 124 CPUs on, each with a last one.</summary>
    [Fact]
    public void Redistributors_of_300_cpus() => Agrees(
        "# cpus: 300",
        "R 0 redist121 0x8 8 0x70901007901",
        "R 0 redist122 0x8 8 0x70a01007a11",
        "R 0 redist123 0x8 8 0x70b01007b01",
        "R 0 redist299 0x8 8 0x120b01012b11");

    /// <summary>A page of the second level is as long as GITS_BASER0 says: what lies behind one of 4 KiB is not zeroed with it.</summary>
    [Theory]
    [InlineData("0xc000000042100000", "0x42111000")]
    [InlineData("0xc000000042100100", "0x42114000")]
    [InlineData("0xc000000042100200", "0x42120000")]
    [InlineData("0x8000000042100200", "0x42111000")]
    public void A_page_of_a_second_level(string table, string properties) => Agrees(
        "# cpus: 1",
        "W 0 dist 0x0 4 0x3",
        "W 0 icc PMR 8 0xf0",
        "W 0 icc IGRPEN1 8 0x1",
        $"W 0 redist0 0x70 8 0x{Convert.ToUInt64(properties, 16) | 0xF:x}",
        "W 0 redist0 0x78 8 0x42500000",
        "W 0 redist0 0x0 4 0x1",
        "P 8192 0xa3",
        $"W 0 its 0x100 8 {table}",
        "W 0 its 0x108 8 0x8000000042200200",
        "W 0 its 0x80 8 0x8000000042000000",
        "W 0 its 0x0 4 0x1",
        "S 0 0 0x42100000 8 0x8000000042110000",
        "C 0800000000000000030000000000000000003042000000800000000000000000 0x0",
        "C 0900000000000000000000000000000000000000000000800000000000000000 0x20",
        "C 0a00000000000000000000000020000000000000000000000000000000000000 0x40",
        "W 0 its 0x88 8 0x60",
        "M 0x0 0x0",
        "I 0 1",
        "A 0 8192",
        "I 0 0");

    private static bool IsOfLpis(string[] fields) => fields.Length == 6 && fields[0] is "R" or "W" && fields[2] == "redist0" && (fields[3] is "0x70" or "0x78" || (fields[3] == "0x0" && (fields[0] == "W" || fields[5] == "0x3")));

    private static void Agrees(params string[] lines)
    {
        var result = Recorded.Replay([.. Head, .. lines]);
        Assert.Null(result.Error);
        Assert.True(result.Mismatches == 0, string.Join('\n', result.FirstMismatches));
    }
}
