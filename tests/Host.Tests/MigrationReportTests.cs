using System.Text.Json;
using System.Xml.Linq;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;
using Trapline.Host.Reports.Csv;
using Trapline.Host.Reports.Html;
using Trapline.Machines.Results;
using Trapline.Machines.Results.Migrations;
using Xunit;

namespace Trapline.Host.Tests;

/// <summary>Migrations in the terminal, in report.json, in CSV files and in the page.</summary>
public sealed class MigrationReportTests
{
    private static readonly MigrationRow Completed = new()
    {
        Number = 1,
        Outcome = "completed",
        From = 0,
        To = 1,
        RunsAt = 1,
        AskedNs = 1_000,
        BeganNs = 1_000,
        EndedNs = 2_000,
        TotalNs = 1_000,
        DowntimeNs = 350.25m,
        ResumedNs = 1_850.25m,
        EndedIn = "resume",
        FailedSide = null,
        Error = null,
        Steps = [new("setup", 1_000, 1_100), new("precopy", 1_100, 1_500), new("stop", 1_500, 1_510), new("save", 1_510, 1_600), new("transfer", 1_600, 1_650), new("load", 1_650, 1_750), new("handover", 1_750, 1_800), new("resume", 1_800, 2_000)],
        Rounds = [new(1_100, 1_400, 7, 3, 400), new(1_550, 1_600, 1, 0, 60)],
        Bytes = 500,
        StateBytes = 40,
        StateItems = 12,
        Pending = new(1, 0, 0, 2, 4),
        Tamper = [],
        RegistersCompared = 2,
        RegistersChanged = 1,
        Registers = [new("eiointc0", "coreIsr[0]", "0x10", "0x0", true, "left out"), new("vcpu0", "crmd", "0xb0", "0xb0", false, "")],
    };

    private static readonly MigrationRow Refused = Completed with
    {
        Number = 2,
        Outcome = "refused",
        RunsAt = 0,
        EndedIn = "load",
        FailedSide = "destination",
        Error = "EINVAL at eiointc-registers",
        Tamper = ["omit routing", "first counter"],
        Steps = [.. Completed.Steps.Take(6)],
        RegistersCompared = 0,
        RegistersChanged = 0,
        Registers = [],
    };

    private static readonly MigrationRow Open = Completed with
    {
        Number = 3,
        Outcome = "open",
        EndedIn = "precopy",
        EndedNs = null,
        TotalNs = null,
        DowntimeNs = null,
        ResumedNs = null,
        Pending = null,
        Steps = [new("setup", 1_000, 1_100), new("precopy", 1_100, null)],
        Rounds = [new(1_100, 1_400, 7, 3, 400)],
        RegistersCompared = 0,
        RegistersChanged = 0,
        Registers = [],
    };

    private static readonly RunReport Report = Fakes.Report(Fakes.Variant("case=kernel") with { Migrations = [Completed, Refused, Open] }, Fakes.Variant("case=user"));

    [Fact]
    public void The_terminal_has_a_line_for_each_and_draws_its_steps_to_scale()
    {
        const string Expected = """

            Migrations:

            # Outcome   Hosts Began Total Downtime Rounds Bytes Ended in
            1 completed 0->1    1us   1us 350.25ns      2   500 resume
            2 refused   0->1    1us   1us 350.25ns      2   500 load
            3 open      0->1    1us     -        -      1   500 precopy

            Migration 1, completed; the VM runs on host 1:

              setup    |====                                        |       100ns
              precopy  |    ==================                      |       400ns
              stop     |                      =                     |        10ns
              save     |                      ====                  |        90ns
              transfer |                          ==                |        50ns
              load     |                            =====           |       100ns
              handover |                                 ==         |        50ns
              resume   |                                   =========|       200ns
              pending at the switch: 1 IPI, 2 vCPU lines, 4 timers
              registers that differ: 1 of 2
                eiointc0 coreIsr[0]: 0x10 -> 0x0, left out

            Migration 2, refused, the destination failed: EINVAL at eiointc-registers; the VM runs on host 0, with omit routing, first counter:


            """;
        var text = new StringWriter { NewLine = "\n" };
        new MigrationTable(Report.Variants[0].Migrations, new Terminal(false, false, false, 80)).Write(text);

        Assert.StartsWith(Expected.ReplaceLineEndings("\n"), text.ToString(), StringComparison.Ordinal);
        Assert.Contains("  precopy  |           =================================|           -\n", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_one_nothing_is_printed_or_written()
    {
        var text = new StringWriter();
        new MigrationTable([], new Terminal(false, false, false, 80)).Write(text);
        var report = Fakes.Report(Fakes.Variant());

        Assert.Empty(text.ToString());
        Assert.DoesNotContain(ReportCsv.Write(report), file => file.Name.StartsWith("migration", StringComparison.Ordinal));
        Assert.DoesNotContain("Migrations", ReportPage.Write(report), StringComparison.Ordinal);
        Assert.Contains(ReportCsv.Migrations, ReportCsv.Names);
    }

    [Fact]
    public void The_object_of_a_migration_has_the_promised_names()
    {
        using var document = JsonDocument.Parse(ReportJson.Serialize(Report));
        var variants = document.RootElement.GetProperty("variants");
        var row = variants[0].GetProperty("migrations")[0];

        Assert.Equal(0, variants[1].GetProperty("migrations").GetArrayLength());
        Assert.Equal(350.25m, row.GetProperty("downtimeNs").GetDecimal());
        Assert.Equal(JsonValueKind.Null, variants[0].GetProperty("migrations")[2].GetProperty("downtimeNs").ValueKind);
        Assert.Equal(7, row.GetProperty("rounds")[0].GetProperty("pages").GetInt32());
        Assert.Equal("save", row.GetProperty("steps")[3].GetProperty("step").GetString());
        Assert.Equal(2, row.GetProperty("pending").GetProperty("lines").GetInt32());
        Assert.Equal("0x10", row.GetProperty("registers")[0].GetProperty("before").GetString());
    }

    [Fact]
    public void Tables_have_a_row_for_each_migration_step_round_and_register()
    {
        var files = ReportCsv.Write(Report).ToDictionary(file => file.Name, file => file.Text);

        Assert.Contains("case=kernel,1,completed,0,1,1,1000,1000,2000,1000,350.25,resume,,,2,500,40,12,1,0,0,2,4,,2,1\r\n", files[ReportCsv.Migrations], StringComparison.Ordinal);
        Assert.Contains("case=kernel,2,refused,0,1,0,1000,1000,2000,1000,350.25,load,destination,EINVAL at eiointc-registers,2,500,40,12,1,0,0,2,4,omit routing; first counter,0,0\r\n", files[ReportCsv.Migrations], StringComparison.Ordinal);
        Assert.Contains("case=kernel,3,open,0,1,1,1000,1000,,,,precopy,,,1,500,40,12,,,,,,,0,0\r\n", files[ReportCsv.Migrations], StringComparison.Ordinal);
        Assert.Contains("case=kernel,3,precopy,1100,\r\n", files[ReportCsv.MigrationSteps], StringComparison.Ordinal);
        Assert.Contains("case=kernel,1,1550,1600,1,0,60\r\n", files[ReportCsv.MigrationRounds], StringComparison.Ordinal);
        Assert.Contains("case=kernel,1,eiointc0,coreIsr[0],0x10,0x0,1,left out\r\n", files[ReportCsv.MigrationRegisters], StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_draws_the_downtime_of_those_that_stopped_the_guest()
    {
        var page = ReportPage.Write(Report);
        var root = XDocument.Parse(page[page.IndexOf("<html", StringComparison.Ordinal)..]).Root!;
        var charts = root.Descendants("svg").Select(svg => (string)svg.Attribute("aria-label")!).Where(name => name.Contains("migration", StringComparison.Ordinal)).ToList();

        Assert.Equal(["1: the whole", "1: the downtime", "2: the whole", "2: the downtime", "3: the whole"], charts.Select(name => string.Join(' ', name.TrimEnd(';').Split(';')[0].Split(' ')[4..7])));
        Assert.Contains("case=kernel, migration 2: refused in load, destination: EINVAL at eiointc-registers, with omit routing, first counter", page, StringComparison.Ordinal);
        Assert.Contains("Of 2 registers of vCPUs and controllers 1 differs", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Downtimes_are_drawn_on_one_scale()
    {
        var longer = Completed with { Number = 2, EndedNs = 3_500, ResumedNs = 3_500 };
        var page = ReportPage.Write(Fakes.Report(Fakes.Variant("a") with { Migrations = [Completed] }, Fakes.Variant("b") with { Migrations = [longer] }));
        var root = XDocument.Parse(page[page.IndexOf("<html", StringComparison.Ordinal)..]).Root!;
        var ticks = root.Descendants("svg").Where(svg => ((string)svg.Attribute("aria-label")!).Contains("downtime", StringComparison.Ordinal))
            .Select(svg => string.Join(' ', svg.Elements("text").Where(text => (string?)text.Attribute("text-anchor") == "middle").Select(text => text.Value))).ToList();

        Assert.Equal(2, ticks.Count);
        Assert.Equal(ticks[0], ticks[1]);
    }
}
