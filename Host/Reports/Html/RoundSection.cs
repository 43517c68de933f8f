using Trapline.Cluster.Traces.Rounds;
using Trapline.Host.Rendering;

namespace Trapline.Host.Reports.Html;

/// <summary>One round of each variant that was traced: who was outside the guest when, for what; interrupts, handlers, kicks.</summary>
internal static class RoundSection
{
    private static readonly (RoundItemKind Kind, string Name)[] Key =
    [
        (RoundItemKind.Exit, "outside the guest"), (RoundItemKind.Asleep, "asleep"), (RoundItemKind.Handler, "in a handler"), (RoundItemKind.Raised, "interrupt raised"),
        (RoundItemKind.Kick, "kick"), (RoundItemKind.Request, "request served"), (RoundItemKind.Mark, "mark"),
    ];

    public static void Write(MarkupWriter page, IReadOnlyList<Round> rounds, int variants)
    {
        if (rounds.Count == 0)
        {
            return;
        }

        page.Open("section");
        page.Element("h2", "Time line of one round");
        page.Element("p", "A lane for each vCPU (on LoongArch with its IPI unit), and for each controller and device. Nothing is drawn while a vCPU runs in the guest.", ("class", "lead"));
        WriteKey(page);
        foreach (var round in rounds)
        {
            page.Element("h3", round.Variant);
            WriteRound(page, round);
        }

        if (variants > rounds.Count)
        {
            page.Element("p", $"The first {rounds.Count} of {variants} variants; --only VARIANT shows another one.", ("class", "note"));
        }

        page.Close();
    }

    private static void WriteKey(MarkupWriter page)
    {
        page.Open("ul", ("class", "legend"));
        foreach (var (kind, name) in Key)
        {
            page.Open("li");
            page.Element("span", "", ("class", $"key s{RoundChart.SeriesOf(kind)}"));
            page.Text(name);
            page.Close();
        }

        page.Close();
    }

    private static void WriteRound(MarkupWriter page, Round round)
    {
        var left = RoundChart.Write(page, round);
        var length = Quantity.Time(round.To - round.From);
        page.Element("p", $"{length} {round.What}; it starts at {Quantity.Time(round.From)}.{(round.Cut ? $" Cut after {round.Lanes.Sum(lane => lane.Items.Count)} items." : "")}{(left > 0 ? $" {left} further lanes, of vCPUs and devices with the higher numbers, are not drawn." : "")}", ("class", "note"));
        var table = new PageTable("What is in the lanes", "-Lane", "From", "Length", "-What");
        foreach (var lane in round.Lanes)
        {
            foreach (var item in lane.Items.OrderBy(item => item.From))
            {
                table.Add(lane.Name, Quantity.Time(item.From), item.To == item.From ? "" : Quantity.Time(item.To - item.From), item.Text);
            }
        }

        page.Open("details");
        page.Element("summary", "Table of this time line");
        table.Write(page, "the trace that --trace text:FILE writes");
        page.Close();
    }
}
