using Trapline.Host.Rendering;
using Trapline.Machines.Results;

namespace Trapline.Host.Reports.Html;

/// <summary>Exits by variant: a bar each, stacked by reason, and the table of all of them.</summary>
internal static class ExitsSection
{
    public const string File = "exits.csv";

    public static void Write(MarkupWriter page, IReadOnlyList<VariantReport> variants)
    {
        if (variants.All(variant => variant.Exits.Count == 0))
        {
            return;
        }

        page.Open("section");
        page.Element("h2", "Exits by variant");
        page.Element("p", "How often vCPUs left the guest, by reason: KVM's statistics counter and the register.", ("class", "lead"));
        ExitsChart.Write(page, variants);
        WriteTable(page, variants);
        page.Close();
    }

    private static void WriteTable(MarkupWriter page, IReadOnlyList<VariantReport> variants)
    {
        var table = new PageTable("Exits, time outside the guest", "-Variant", "-Reason", "Exits", "Share", "Share of time", "Min", "Mean", "Max");
        foreach (var variant in variants)
        {
            foreach (var row in variant.Exits)
            {
                table.Add(
                    variant.Name, row.Reason, $"{row.Count}", Quantity.Percent(row.Share), Quantity.Percent(row.TimeShare),
                    Quantity.Microseconds(row.MinNs), Quantity.Microseconds(row.AvgNs), Quantity.Microseconds(row.MaxNs));
            }
        }

        page.Open("details");
        page.Element("summary", "Table of exits");
        table.Write(page, File);
        page.Close();
    }
}
