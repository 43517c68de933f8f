namespace Trapline.Host.Rendering;

/// <summary>Text that is broken between words, to the width of the layout.</summary>
internal static class TextBlock
{
    public static void Write(TextWriter writer, string text, int indent = 0)
    {
        var margin = new string(' ', indent);
        var line = "";
        foreach (var word in text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && indent + line.Length + 1 + word.Length > Terminal.LayoutWidth)
            {
                writer.WriteLine(margin + line);
                // What goes on is set in once more, so that items stay apart.
                line = indent > 0 ? "  " + word : word;
                continue;
            }

            line += line.Length == 0 ? word : ' ' + word;
        }

        writer.WriteLine(margin + line);
    }
}
