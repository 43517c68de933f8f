namespace Trapline.Machines.Assembly;

/// <summary>The few things about a line that must be known before it can be cut into tokens.</summary>
internal static class LineScanner
{
    public static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c is '_' or '.';

    public static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.';

    public static int SkipSpace(string text, int position)
    {
        while (position < text.Length && text[position] is ' ' or '\t')
        {
            position++;
        }

        return position;
    }

    /// <summary>The name that starts at the position, empty if none does.</summary>
    public static string NameAt(string text, int position)
    {
        var end = position;
        if (end < text.Length && IsNameStart(text[end]))
        {
            do
            {
                end++;
            }
            while (end < text.Length && IsNamePart(text[end]));
        }

        return text[position..end];
    }

    /// <summary>If the line goes on with <c>name:</c>, takes it and moves past it.</summary>
    public static bool TryTakeLabel(string text, ref int position, out string name, out int nameAt)
    {
        nameAt = SkipSpace(text, position);
        name = NameAt(text, nameAt);
        var colon = SkipSpace(text, nameAt + name.Length);
        if (name.Length == 0 || colon >= text.Length || text[colon] != ':')
        {
            return false;
        }

        position = colon + 1;
        return true;
    }

    /// <summary>Where the comment starts, or the length: <c>#</c> and <c>//</c> count only outside strings and characters.</summary>
    public static int CommentStart(string text)
    {
        for (var i = 0; i < text.Length; i = AfterLiteral(text, i))
        {
            if (text[i] == '#' || (text[i] == '/' && i + 1 < text.Length && text[i + 1] == '/'))
            {
                return i;
            }
        }

        return text.Length;
    }

    /// <summary>The index after the string, the character literal or the single character at the position.</summary>
    public static int AfterLiteral(string text, int position)
    {
        if (text[position] == '"')
        {
            for (var i = position + 1; i < text.Length; i++)
            {
                if (text[i] == '\\')
                {
                    i++;
                }
                else if (text[i] == '"')
                {
                    return i + 1;
                }
            }

            return text.Length;
        }

        if (text[position] == '\'' && position + 1 < text.Length)
        {
            var close = text[position + 1] == '\\' ? position + 3 : position + 2;
            if (close < text.Length && text[close] == '\'')
            {
                return close + 1;
            }
        }

        return position + 1;
    }
}
