using System.Text.Json;
using Trapline.Host.Reports;
using Trapline.Machines.Results;
using Xunit;

namespace Trapline.Host.Tests;

public sealed class ReportJsonTests
{
    [Fact]
    public void The_object_of_a_run_has_the_promised_names()
    {
        using var document = JsonDocument.Parse(ReportJson.Serialize(Fakes.Report(Fakes.Variant())));
        var run = document.RootElement;
        var variant = run.GetProperty("variants")[0];

        AssertHas(run, "scenario", "seed", "digest", "virtualNs", "wallSeconds", "messages", "windows", "endReason", "variants");
        AssertHas(variant, "name", "parameters", "digest", "virtualNs", "exits", "latencies", "locks", "interrupts", "counters", "expectations", "violations");
        AssertHas(variant.GetProperty("exits")[0], "reason", "count", "share", "minNs", "avgNs", "maxNs");
        AssertHas(variant.GetProperty("latencies")[0], "path", "count", "p50Ns", "p90Ns", "p99Ns", "maxNs", "curve");
        AssertHas(variant.GetProperty("interrupts"), "raised", "handled", "coalesced", "masked", "pending", "withdrawn");
        AssertHas(variant.GetProperty("expectations")[0], "text", "holds", "actual");
    }

    [Fact]
    public void Numbers_are_numbers_and_names_of_counters_stay_as_they_are()
    {
        using var document = JsonDocument.Parse(ReportJson.Serialize(Fakes.Report(Fakes.Variant()) with { Seed = ulong.MaxValue }));
        var run = document.RootElement;
        var variant = run.GetProperty("variants")[0];

        Assert.Equal(ulong.MaxValue, run.GetProperty("seed").GetUInt64());
        Assert.Equal(1_234_567.5m, run.GetProperty("virtualNs").GetDecimal());
        Assert.Equal(2_000, variant.GetProperty("counters").GetProperty("ipi_write_exits").GetInt64());
        Assert.Equal("1000", variant.GetProperty("parameters").GetProperty("rounds").GetString());
    }

    [Fact]
    public void A_curve_is_a_list_of_pairs_one_on_a_line_and_can_be_read_back()
    {
        var row = Fakes.Variant().Latencies[0] with { Curve = [new(1_801.25m, 3), new(6_672m, 997)] };
        var text = ReportJson.Serialize(Fakes.Report(Fakes.Variant() with { Latencies = [row] }));

        Assert.Matches(@"""curve"": \[\[1801\.25, 3\], \[6672, 997\]\]\n", text);
        using var document = JsonDocument.Parse(text);
        var points = document.RootElement.GetProperty("variants")[0].GetProperty("latencies")[0].GetProperty("curve");
        var options = new JsonSerializerOptions { Converters = { new CurveConverter() } };
        Assert.Equal(row.Curve, points.Deserialize<IReadOnlyList<CurvePoint>>(options));
        Assert.All(["[1]", "[[1]]", "[[1, 2, 3]]", "[[1, 2]", "{}", "[[\"1\", 2]]"], wrong => Assert.ThrowsAny<JsonException>(() => JsonSerializer.Deserialize<IReadOnlyList<CurvePoint>>(wrong, options)));
    }

    [Fact]
    public void The_text_is_readable_and_ends_with_one_line_break()
    {
        var text = ReportJson.Serialize(Fakes.Report(Fakes.Variant()));

        Assert.Contains("\n      \"name\": ", text, StringComparison.Ordinal);
        Assert.Contains("ipi vcpu->vcpu", text, StringComparison.Ordinal);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
    }

    private static void AssertHas(JsonElement element, params string[] names)
    {
        var present = element.EnumerateObject().Select(property => property.Name).ToHashSet();
        Assert.All(names, name => Assert.Contains(name, present));
    }
}
