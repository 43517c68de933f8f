using Trapline.Host.Reports;

namespace Trapline.Host.Rendering;

/// <summary>A cost profile as text.</summary>
internal sealed class CostsRenderer(TextWriter writer, Terminal terminal)
{
    private const int Indent = 2;

    public static void Write(TextWriter writer, IReadOnlyList<CostsListRow> profiles)
    {
        if (profiles.Count == 0)
        {
            writer.WriteLine("no cost profiles here; 'trapline new scenario NAME' writes one beside the scenario");
            return;
        }

        var table = new TextTable("-profile", "-file", "-state");
        foreach (var profile in profiles)
        {
            table.Add(profile.Name, profile.File, profile.Errors == 0 ? "ok" : $"{profile.Errors} errors: trapline validate {profile.File}");
        }

        table.Write(writer, Terminal.LayoutWidth);
    }

    public void Write(CostsReport report, bool withSources)
    {
        writer.WriteLine(terminal.Strong(report.Name));
        TextBlock.Write(writer, report.Description);
        WriteRows("Costs, ns:", report.Costs, withSources);
        WriteRows("Factors:", report.Factors, withSources);
        Title("Paths:");
        foreach (var path in report.Paths)
        {
            writer.WriteLine($"  {path.Name} {Number(path.LatencyNs)} ns, jitter {Number(path.JitterNs)} ns ({path.Basis})");
        }

        if (report.Figures.Count == 0)
        {
            return;
        }

        Title("Published figures:");
        foreach (var figure in report.Figures)
        {
            writer.WriteLine($"  {figure.Name} {Quantity.Time(figure.PublishedNs)} ({figure.Machine})");
            TextBlock.Write(writer, figure.Source, 2 * Indent);
        }

        Title("Fitted to them:");
        foreach (var fitted in report.Fitted)
        {
            writer.WriteLine($"  {fitted}");
        }
    }

    private void WriteRows(string title, IReadOnlyList<CostsReportRow> rows, bool withSources)
    {
        Title(title);
        var table = new TextTable("-name", "-symbol", "value", "low", "high", "-basis");
        foreach (var row in rows)
        {
            table.Add(row.Name, row.Symbol, Number(row.Value), Number(row.Low), Number(row.High), row.Basis);
        }

        table.Write(writer, Terminal.LayoutWidth);
        if (!withSources)
        {
            return;
        }

        foreach (var row in rows)
        {
            writer.WriteLine();
            writer.WriteLine($"{terminal.Strong(row.Name)} ({row.Symbol})");
            TextBlock.Write(writer, row.Source, Indent);
        }
    }

    private void Title(string text)
    {
        writer.WriteLine();
        writer.WriteLine(terminal.Strong(text));
        writer.WriteLine();
    }

    private static string Number(decimal number) => number.ToString("0.######");
}
