using Trapline.Host.Rendering;
using Trapline.Machines.Results;

namespace Trapline.Host.Reports.Html;

/// <summary>What did not go as it should: assertions, violated invariants, expectations with what was found; then all expectations.</summary>
internal static class FailuresSection
{
    /// <summary>Described one by one; all are in report.json.</summary>
    private const int MostDescribed = 50;

    public static void Write(MarkupWriter page, IReadOnlyList<VariantReport> variants)
    {
        var failures = variants.SelectMany(variant => VariantFailures.Of(variant).Select(failure => (variant.Name, failure.What, failure.Found))).ToList();
        if (failures.Count == 0)
        {
            return;
        }

        page.Open("section");
        page.Element("h2", "Failures");
        foreach (var (variant, what, found) in failures.Take(MostDescribed))
        {
            page.Open("article", ("class", "failure"));
            page.Element("h3", what);
            page.Element("p", variant, ("class", "where"));
            page.Element("p", found);
            page.Close();
        }

        WriteLife(page, variants.SelectMany(variant => variant.Violations).FirstOrDefault());

        if (failures.Count > MostDescribed)
        {
            page.Element("p", $"The first {MostDescribed} of {failures.Count}; all are in report.json.", ("class", "note"));
        }

        page.Close();
    }

    /// <summary>Of the first violation: the way of its interrupt, as far as it is known.</summary>
    private static void WriteLife(MarkupWriter page, ViolationRow? violation)
    {
        if (violation is null || violation.Life.Count == 0)
        {
            return;
        }

        var table = new PageTable("Life of the interrupt of the first violation", "Time, ns", "-Actor", "-What happened");
        foreach (var step in violation.Life)
        {
            table.Add($"{step.AtNs:0.000}", step.Actor, step.What);
        }

        page.Element("h3", violation.Fault is { } fault ? $"Life of the interrupt; planned fault: {fault}" : "Life of the interrupt");
        table.Write(page, "report.json");
    }

    /// <summary>Every expectation with the values that it was judged by.</summary>
    public static void WriteExpectations(MarkupWriter page, IReadOnlyList<VariantReport> variants)
    {
        if (variants.All(variant => variant.Expectations.Count == 0))
        {
            return;
        }

        var table = new PageTable("Expectations with the values of both sides", "-Variant", "-Expectation", "-Found", "-Outcome");
        foreach (var variant in variants)
        {
            foreach (var expectation in variant.Expectations)
            {
                table.Add(variant.Name, expectation.Text, expectation.Actual, expectation.Holds ? "ok" : "FAILED");
            }
        }

        page.Open("section");
        page.Element("h2", "Expectations");
        page.Open("details");
        page.Element("summary", "Table of expectations");
        table.Write(page, "report.json");
        page.Close();
        page.Close();
    }
}
