using System.Text;

namespace Trapline.Host.Reports.Html;

/// <summary>Writes HTML with SVG in it. Everything that is no markup is escaped here, in one place; elements nest as they are opened.</summary>
internal sealed class MarkupWriter
{
    private readonly StringBuilder _text = new();
    private readonly Stack<string> _open = new();

    public void Open(string element, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Start(element, attributes);
        _text.Append('>');
        _open.Push(element);
    }

    public void Close() => _text.Append("</").Append(_open.Pop()).Append(">\n");

    /// <summary>An element with text alone in it.</summary>
    public void Element(string element, string text, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Open(element, attributes);
        Text(text);
        Close();
    }

    /// <summary>An element with nothing in it.</summary>
    public void Empty(string element, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Start(element, attributes);
        _text.Append("/>\n");
    }

    public void Text(string text) => _text.Append(MarkupText.Escape(text));

    /// <summary>What is part of this program: a style sheet, a document type.</summary>
    public void Verbatim(string text) => _text.Append(text);

    /// <summary>The whole text.</summary>
    /// <exception cref="InvalidOperationException">An element is still open.</exception>
    public override string ToString() => _open.Count == 0
        ? _text.ToString()
        : throw new InvalidOperationException($"<{_open.Peek()}> is not closed; call Close for each Open");

    /// <summary>A coordinate: hundredths of a pixel are finer than any screen, and the same on every machine.</summary>
    public static string Coordinate(double value) => value.ToString("0.##");

    private void Start(string element, ReadOnlySpan<(string Name, string Value)> attributes)
    {
        _text.Append('<').Append(element);
        foreach (var (name, value) in attributes)
        {
            _text.Append(' ').Append(name).Append("=\"").Append(MarkupText.Escape(value)).Append('"');
        }
    }
}
