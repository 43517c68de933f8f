using System.Text;

namespace Trapline.Host.Reports.Csv;

/// <summary>Rows as RFC 4180 has them: lines end with CR LF; a field with a comma, a quote or a line break is quoted, its quotes doubled.</summary>
internal sealed class CsvText
{
    private const string LineEnd = "\r\n";

    private static readonly char[] NeedQuotes = [',', '"', '\r', '\n'];

    private readonly StringBuilder _text = new();
    private readonly int _columns;

    public CsvText(params IReadOnlyList<string> headers)
    {
        _columns = headers.Count;
        Add(headers);
    }

    public void Add(params IReadOnlyList<string> fields)
    {
        if (fields.Count != _columns)
        {
            throw new ArgumentException($"a row has {fields.Count} fields, the header {_columns}; every row needs as many as the header", nameof(fields));
        }

        _text.AppendJoin(',', fields.Select(Quote)).Append(LineEnd);
    }

    public override string ToString() => _text.ToString();

    private static string Quote(string field) => field.IndexOfAny(NeedQuotes) < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
