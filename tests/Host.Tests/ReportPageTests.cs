using System.Xml.Linq;
using Trapline.Host.Reports.Csv;
using Trapline.Host.Reports.Html;
using Trapline.Machines.Results;
using Xunit;

namespace Trapline.Host.Tests;

/// <summary>The page as text; how it looks is tested in a browser.</summary>
public sealed class ReportPageTests
{
    private static readonly RunReport Matrix = Fakes.Report(Fakes.Variant("vcpus=2"), Fakes.Variant("vcpus=256", 256));

    [Fact]
    public void Equal_reports_have_equal_bytes() => Assert.Equal(ReportPage.Write(Matrix), ReportPage.Write(Matrix with { Variants = [.. Matrix.Variants] }));

    [Fact]
    public void It_is_well_formed_and_refers_to_nothing_outside()
    {
        var page = ReportPage.Write(Matrix);
        var root = XDocument.Parse(page[page.IndexOf("<html", StringComparison.Ordinal)..]).Root!;

        Assert.DoesNotContain(root.Descendants().Attributes(), attribute => attribute.Name.LocalName is "src" or "href" || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.DoesNotContain(root.Descendants(), element => element.Name.LocalName is "script" or "link" or "img");
        Assert.DoesNotContain("url(", page, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_failed_is_said_at_the_top_and_described()
    {
        var failed = Fakes.Variant("vcpus=4") with { EndReason = "assertion", EndDetail = "vcpu1: assertion \"slept\"", Violations = [new ViolationRow("raise-lost", 1, "eiointc0", "vector 16 vanished", [], null)] };
        var page = ReportPage.Write(Fakes.Report(Fakes.Variant("vcpus=2") with { Expectations = [] }, failed));

        Assert.Contains("Failed: 1 of 2 expectations do not hold, 1 violated invariants, 1 failed assertions; 2 variants.", page, StringComparison.Ordinal);
        Assert.Contains("vcpu1: assertion &quot;slept&quot;", page, StringComparison.Ordinal);
        Assert.Contains("vector 16 vanished", page, StringComparison.Ordinal);
        Assert.Contains("found 2000 == 3", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_interrupted_has_failed_nothing()
    {
        var page = ReportPage.Write(Fakes.Report(Fakes.Variant() with { EndReason = "interrupted" }));

        Assert.Contains("Interrupted: 1 variant", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<h2>Failures</h2>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_with_nothing_in_it_has_a_page()
    {
        var empty = Fakes.Variant() with { Exits = [], Latencies = [], Expectations = [], Digest = "" };

        Assert.Contains("Nothing was expected and judged", ReportPage.Write(Fakes.Report(empty)), StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_are_RFC_4180_with_a_row_for_each_variant_and_item()
    {
        var lossy = new LockRow("vmm, \"big\"", 3, 2, 1.5m, 1m, 2, []);
        var files = ReportCsv.Write(Fakes.Report(Fakes.Variant("vcpus=2"), Fakes.Variant("vcpus=4") with { Locks = [lossy] })).ToDictionary(file => file.Name, file => file.Text);

        Assert.Equal("variant,lock,acquisitions,waited,waitTotalNs,waitMaxNs,greatestQueue\r\nvcpus=4,\"vmm, \"\"big\"\"\",3,2,1.5,1,2\r\n", files["locks.csv"]);
        Assert.Equal(5, files["exits.csv"].Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("vcpus=4,ipi vcpu->vcpu,1000,6672.5,6700,7000,8000\r\n", files["latencies.csv"], StringComparison.Ordinal);
        Assert.Contains("vcpus=2,1000,990,5,3,2,0\r\n", files["interrupts.csv"], StringComparison.Ordinal);
        Assert.Contains("vcpus=2,rounds,1000\r\n", files["counters.csv"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_of_another_width_is_refused()
        => Assert.Throws<ArgumentException>(() => new CsvText("a", "b").Add("1"));
}
