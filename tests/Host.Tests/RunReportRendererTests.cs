using Trapline.Host.Rendering;
using Trapline.Machines.Results;
using Xunit;

namespace Trapline.Host.Tests;

public sealed class RunReportRendererTests
{
    [Fact]
    public void One_variant_is_printed_in_the_layout_of_perf_kvm_stat()
    {
        const string Expected = """
            ipi-multicast
            exit at 1.235ms: vcpu0 executed exit 0

            Exits, time outside the guest:

                        VM-EXIT  Samples Samples%    Time%   Min Time   Max Time   Avg time

             ipi_write IPI_SEND     1000   50.00%   75.00%     2.57us     2.60us     2.57us
                           idle     1000   50.00%   25.00%     6.82us    14.38us    14.00us

            Total Samples:2000, Total events handled time:16571.25us.

            Latency, from send to handler entry:

                           Path    Count        p50        p90        p99        Max
                 ipi vcpu->vcpu     1000     6.67us     6.70us     7.00us     8.00us

            Interrupts per vCPU, taken by line and what became of the raised:

             vCPU IPI raised handled coalesced masked pending
            vcpu0   0      0       0         0      0       0
            vcpu1 500    500     500         0      0       0

            Interrupts: 1000 raised = 990 handled + 5 coalesced + 3 masked + 2 pending

            Counters, of all vCPUs:

              ipi_write_exits  2000
              rounds           1000

            Marks:

                   1234.00us  vcpu0  finished 1000

            Expectations:

              ok endReason == "exit"
              FAILED exits() == 3
                found 2000 == 3

            End           exit
            Virtual time  1.235ms
            Windows       789
            Messages      123456 in 0.50 s, 247k messages/s
            Placement     1 node, 2 threads
            Seed          7
            Digest        00112233445566778899aabbccddeeff

            """;

        Assert.Equal(Expected, Render(Fakes.Report(Fakes.Variant()), inFull: true));
    }

    [Fact]
    public void Many_variants_are_a_table_with_a_column_for_each_parameter_that_varies()
    {
        const string Expected = """
            ipi-multicast: 3 variants

            vcpus    pattern    time exits ipi p50 ipi p99 msg/s   digest   expect
                2 one-to-all 1.235ms  2000  6.67us  7.00us 49.4k deadbeef 1 FAILED
               16 one-to-all 1.235ms  2000       -       - 49.4k deadbeef        -
               16 all-to-all 1.235ms     0  6.67us  7.00us 49.4k deadbeef       ok

            FAILED vcpus=2 pattern=one-to-all: exits() == 3
              found 2000 == 3

            Exits, latencies and interrupts of each variant: report.json, or --details.

            """;
        var text = Render(
            Fakes.Report(
                Fakes.Variant("vcpus=2 pattern=one-to-all"),
                Fakes.Variant("vcpus=16 pattern=one-to-all") with { Latencies = [], Expectations = [] },
                Fakes.Variant("vcpus=16 pattern=all-to-all") with { Exits = [], Expectations = [new("1 == 1", true, "1 == 1")] }),
            inFull: false);

        Assert.StartsWith(Expected, text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_violation_tells_the_life_of_its_interrupt_up_to_where_it_went_wrong()
    {
        LifeRow[] life = [new(1_000m, "vcpu0", "wrote IPI_SEND 0x80010001"), new(1_025.5m, "ipi1", "raised vectors 0x2")];
        var variant = Fakes.Variant() with
        {
            EndReason = "violation",
            Expectations = [],
            Faults = [new("drop LineChange#1 ipi1->vcpu1", 1_025.5m)],
            Violations =
            [
                new("raise-lost", 1_025.5m, "ipi1", "the LineChange to vcpu1 vanished", life, "drop LineChange#1 ipi1->vcpu1"),
                new("asleep", 1_025.5m, "vcpu1", "it sleeps while its line IPI is high and enabled", life, null),
            ],
        };

        Assert.Contains(
            """
            Planned faults that hit:

                      1.03us  drop LineChange#1 ipi1->vcpu1

            Violated invariants:

              FAILED raise-lost
                1.03us ipi1: the LineChange to vcpu1 vanished
                planned fault: drop LineChange#1 ipi1->vcpu1
                        1000.000  vcpu0       wrote IPI_SEND 0x80010001
                        1025.500  ipi1        raised vectors 0x2
              FAILED asleep
                1.03us vcpu1: it sleeps while its line IPI is high and enabled

            """,
            Render(Fakes.Report(variant), inFull: true),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_neighbours_share_a_row()
    {
        var text = Render(Fakes.Report(Fakes.Variant(vcpus: 256)), inFull: true);

        Assert.Contains(
            """
                 vCPU IPI raised handled coalesced masked pending
                vcpu0   0      0       0         0      0       0
            vcpu1-255 500    500     500         0      0       0

            """,
            text,
            StringComparison.Ordinal);
        Assert.DoesNotContain("median", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_different_vcpus_are_summarised_by_columns()
    {
        var vcpus = Enumerable.Range(0, 100).Select(index => Fakes.Vcpu(index, 1_000 + index)).ToList();
        var text = Render(Fakes.Report(Fakes.Variant() with { Vcpus = vcpus }), inFull: true);

        Assert.Contains("\n vcpu5 1005   1005    1005         0      0       0\n   min 1000 ", text, StringComparison.Ordinal);
        Assert.Contains("\nmedian 1049   1049 ", text, StringComparison.Ordinal);
        Assert.Contains("\n   max 1099   1099 ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("vcpu6 ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void No_line_is_wider_than_80_columns_whatever_the_names_and_numbers()
    {
        var wide = Fakes.Variant() with
        {
            Exits = [new(new string('x', 90), 99_999_999, 1, 1, 1m, 99_999_999m, 50_000_000m)],
            Latencies = [new(new string('p', 90), 99_999_999, 1m, 2m, 3m, 99_999_999m)],
            Expectations = [],
        };
        var named = Fakes.Variant(new string('v', 200)) with { Parameters = new Dictionary<string, string>(), Expectations = [] };
        foreach (var report in new[] { Fakes.Report(wide), Fakes.Report(named, named) })
        {
            var tables = Render(report, inFull: report.Variants.Count == 1).Split('\n');
            Assert.All(tables, line => Assert.True(line.Length <= 80, line));
        }
    }

    [Fact]
    public void A_redirected_stream_gets_plain_ascii_and_a_terminal_colours_and_signs()
    {
        var report = Fakes.Report(Fakes.Variant());
        var plain = Render(report, inFull: true);
        var coloured = Render(report, inFull: true, new(true, true, true, 80));

        Assert.All(plain, letter => Assert.True(letter is '\n' or (>= ' ' and <= '~')));
        Assert.Contains("\e[32m✓\e[0m", coloured, StringComparison.Ordinal);
        Assert.Contains("\e[31m✗\e[0m", coloured, StringComparison.Ordinal);
    }

    [Fact]
    public void A_terminal_without_colours_gets_no_escape_sequence()
        => Assert.DoesNotContain('\e', Render(Fakes.Report(Fakes.Variant()), inFull: true, new(true, false, true, 80)));

    [Fact]
    public void Expectations_of_an_interrupted_variant_are_not_judged()
    {
        var text = Render(Fakes.Report(Fakes.Variant() with { EndReason = "interrupted" }), inFull: true);

        Assert.Contains("Expectations: not judged, the run was interrupted\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("FAILED", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_very_many_failures_the_first_are_listed_and_the_rest_counted()
    {
        var variants = Enumerable.Range(0, 30).Select(index => Fakes.Variant($"vcpus={index}")).ToArray();
        var text = Render(Fakes.Report(variants), inFull: false);

        Assert.Equal(10, text.Split("\nFAILED ").Length - 1);
        Assert.Contains("\n20 more failures are in report.json.\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_of_no_time_has_no_rate()
        => Assert.Contains("in 0.00 s, - messages/s", Render(Fakes.Report(Fakes.Variant()) with { WallSeconds = 0 }, inFull: true), StringComparison.Ordinal);

    private static string Render(RunReport report, bool inFull, Terminal? terminal = null)
    {
        var writer = new StringWriter { NewLine = "\n" };
        new RunReportRenderer(writer, terminal ?? Terminal.None).Write(report, inFull);
        return writer.ToString();
    }
}
