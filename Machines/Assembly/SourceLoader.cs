using System.Text;

namespace Trapline.Machines.Assembly;

/// <summary>Reads files, refuses what is no text, cuts them into lines without comments.</summary>
internal sealed class SourceLoader(IGuestSourceReader reader, SourceBudget budget, Diagnostics diagnostics)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<SourceFile> _files = [];

    public IReadOnlyList<string> Paths => [.. _files.Select(file => file.Path)];

    public bool IsLoaded(string path) => _files.Exists(file => file.Path == path);

    /// <returns>Null with a problem if the file cannot be read; a file with errors of its own has no lines.</returns>
    public SourceFile? Load(string path, out string problem)
    {
        var bytes = reader.Read(path, AssemblyLimits.FileBytes, out problem);
        if (bytes is null)
        {
            return null;
        }

        if (bytes.Length > AssemblyLimits.FileBytes)
        {
            problem = $"it is bigger than {AssemblyLimits.FileBytes >> 20} MiB";
            return null;
        }

        var file = new SourceFile(_files.Count, path);
        _files.Add(file);
        if (Decode(file, bytes) is { } text)
        {
            file.Lines = Cut(file, text);
        }

        return file;
    }

    private string? Decode(SourceFile file, byte[] bytes)
    {
        ReadOnlySpan<byte> content = bytes;
        if (content.StartsWith(Encoding.UTF8.Preamble))
        {
            content = content[Encoding.UTF8.Preamble.Length..];
        }

        string text;
        try
        {
            text = StrictUtf8.GetString(content);
        }
        catch (DecoderFallbackException e)
        {
            var before = Encoding.UTF8.GetString(content[..Math.Clamp(e.Index, 0, content.Length)]);
            Refuse(file, before, "this is not UTF-8 text; is it a guest's source?");
            return null;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) && text[i] is not ('\n' or '\r' or '\t'))
            {
                Refuse(file, text[..i], $"the control character U+{(int)text[i]:X4} is not allowed; is this a guest's source?");
                return null;
            }
        }

        return text;
    }

    private void Refuse(SourceFile file, string before, string message)
    {
        var line = before.Count(c => c == '\n') + 1;
        var column = before.Length - before.LastIndexOf('\n');
        diagnostics.Add(file.Path, line, column, message, budget.Lines);
    }

    private List<SourceLine> Cut(SourceFile file, string text)
    {
        var lines = new List<SourceLine>();
        var start = 0;
        while (start < text.Length)
        {
            var end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end;
            var line = text[start..end].TrimEnd('\r');
            start = end + 1;
            var sequence = budget.Take(line.Length);
            if (line.Length > AssemblyLimits.LineLength)
            {
                diagnostics.Add(file.Path, lines.Count + 1, AssemblyLimits.LineLength + 1, $"the line is longer than {AssemblyLimits.LineLength} characters", sequence);
                line = "";
            }

            lines.Add(new(file, lines.Count + 1, sequence, line[..LineScanner.CommentStart(line)], null, null));
        }

        return lines;
    }
}
