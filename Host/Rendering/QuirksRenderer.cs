using Trapline.Host.Reports;

namespace Trapline.Host.Rendering;

/// <summary>Quirks as text.</summary>
internal sealed class QuirksRenderer(TextWriter writer, Terminal terminal)
{
    public static void WriteList(TextWriter writer, IReadOnlyList<QuirkRow> quirks)
    {
        var table = new TextTable("-quirk", "-since", "-fixed in");
        foreach (var quirk in quirks)
        {
            table.Add(quirk.Name, quirk.Since, quirk.Fixed);
        }

        table.Write(writer, Terminal.LayoutWidth);
        writer.WriteLine();
        writer.WriteLine("'trapline quirks NAME' says what one does and what exposes it; --details, all.");
    }

    public void Write(IReadOnlyList<QuirkRow> quirks)
    {
        foreach (var quirk in quirks)
        {
            if (quirk != quirks[0])
            {
                writer.WriteLine();
            }

            Write(quirk);
        }
    }

    private void Write(QuirkRow quirk)
    {
        writer.WriteLine(terminal.Strong(quirk.Name));
        TextBlock.Write(writer, quirk.What);
        Line("since", quirk.Since);
        Line("fixed in", quirk.Fixed);
        Line("visible", quirk.Visible);
        Line("exposed by", quirk.Exposed);
        Line("told of in", quirk.Defects);
        Line("switch", quirk.Row);
    }

    private void Line(string name, string text) => TextBlock.Write(writer, $"{name}: {text}", 2);
}
