namespace Trapline.Host.Reports.Html;

/// <summary>A table of a page. The first cell of a row is its heading.</summary>
/// <param name="caption">What it shows; read aloud before it.</param>
/// <param name="headers">A leading <c>-</c> makes a column one of text, which stands at the left.</param>
internal sealed class PageTable(string caption, params IReadOnlyList<string> headers)
{
    /// <summary>More than anybody reads; the CSV has them all.</summary>
    public const int MostRows = 2_000;

    private const char TextColumn = '-';

    private readonly List<(int? Series, IReadOnlyList<string> Cells)> _rows = [];

    public void Add(params IReadOnlyList<string> cells) => _rows.Add((null, cells));

    /// <summary>A row of a line or bar of the chart beside it, with its colour.</summary>
    public void AddSeries(int series, params IReadOnlyList<string> cells) => _rows.Add((series, cells));

    /// <param name="page">Where to.</param>
    /// <param name="file">The CSV that has all rows, if these are too many.</param>
    public void Write(MarkupWriter page, string file)
    {
        page.Open("div", ("class", "scroll"));
        page.Open("table");
        page.Element("caption", caption);
        page.Open("thead");
        page.Open("tr");
        foreach (var header in headers)
        {
            page.Element("th", header.TrimStart(TextColumn), ("scope", "col"), ("class", IsText(header) ? "text" : "number"));
        }

        page.Close();
        page.Close();
        page.Open("tbody");
        foreach (var (series, cells) in _rows.Take(MostRows))
        {
            WriteRow(page, series, cells);
        }

        page.Close();
        page.Close();
        page.Close();
        if (_rows.Count > MostRows)
        {
            page.Element("p", $"The first {MostRows} of {_rows.Count} rows; all are in {file}.", ("class", "note"));
        }
    }

    private void WriteRow(MarkupWriter page, int? series, IReadOnlyList<string> cells)
    {
        page.Open("tr");
        for (var column = 0; column < cells.Count; column++)
        {
            var place = IsText(headers[column]) ? "text" : "number";
            if (column == 0)
            {
                page.Open("th", ("scope", "row"), ("class", place), ("title", cells[0]));
                if (series is { } colour)
                {
                    page.Element("span", "", ("class", $"key s{colour}"));
                }

                page.Text(ChartText.Cut(cells[0], LongestName));
                page.Close();
            }
            else
            {
                page.Element("td", cells[column], ("class", place));
            }
        }

        page.Close();
    }

    private const int LongestName = 64;

    private static bool IsText(string header) => header.StartsWith(TextColumn);
}
