using System.Text;

namespace Trapline.Machines.Assembly;

/// <summary>Cuts a statement into tokens.</summary>
internal static class Lexer
{
    private const string SingleSymbols = "+-*/%&|^~!<>=(),[]";

    private static readonly string[] DoubleSymbols = ["<<", ">>", "<=", ">=", "==", "!=", "&&", "||"];

    public static List<Token> Tokenize(string text, int start)
    {
        var tokens = new List<Token>();
        var position = LineScanner.SkipSpace(text, start);
        while (position < text.Length)
        {
            var token = Next(text, ref position);
            tokens.Add(token);
            position = LineScanner.SkipSpace(text, position);
        }

        tokens.Add(new(TokenKind.End, text.Length, ""));
        return tokens;
    }

    private static Token Next(string text, ref int position)
    {
        var start = position;
        var c = text[position];
        if (char.IsAsciiDigit(c))
        {
            var number = NumberLiteral.Parse(text, ref position);
            return new(TokenKind.Number, start, text[start..position], number);
        }

        if (LineScanner.IsNameStart(c))
        {
            var name = LineScanner.NameAt(text, position);
            position += name.Length;
            return new(TokenKind.Name, start, name);
        }

        return c switch
        {
            '"' => String(text, ref position),
            '\'' => Character(text, ref position),
            _ => Symbol(text, ref position),
        };
    }

    private static Token Symbol(string text, ref int position)
    {
        var start = position;
        foreach (var symbol in DoubleSymbols)
        {
            if (string.CompareOrdinal(text, position, symbol, 0, 2) == 0)
            {
                position += 2;
                return new(TokenKind.Symbol, start, symbol);
            }
        }

        var c = text[position];
        if (SingleSymbols.Contains(c))
        {
            position++;
            return new(TokenKind.Symbol, start, c.ToString());
        }

        throw new StatementException(start, c switch
        {
            '\\' => Backslash(text, start),
            '$' => "'$' has no place here; registers are written without it: a0, t0, sp",
            ':' => "':' ends a label, and labels come first on a line",
            ';' => "';' has no meaning here; one statement a line, comments start with '#' or '//'",
            _ => $"unexpected character {Printable.Quote(c)}",
        });
    }

    private static string Backslash(string text, int start)
    {
        var name = LineScanner.NameAt(text, start + 1);
        return name.Length > 0
            ? $"'\\{name}' has a meaning only inside a macro with the parameter '{name}'"
            : "'\\' has a meaning only inside a macro (\\name, \\@) or a repetition (\\+)";
    }

    private static Token String(string text, ref int position)
    {
        var start = position;
        var content = new StringBuilder();
        for (position++; position < text.Length; position++)
        {
            var c = text[position];
            if (c == '"')
            {
                position++;
                return new(TokenKind.Text, start, content.ToString());
            }

            if (c == '\\')
            {
                position++;
                c = position < text.Length ? text[position] : ' ';
                if (c is not ('"' or '\\'))
                {
                    throw new StatementException(position - 1, "in a text only \\\" and \\\\ follow a backslash");
                }
            }

            content.Append(c);
        }

        throw new StatementException(start, "the text has no closing '\"'");
    }

    private static Token Character(string text, ref int position)
    {
        var start = position;
        var end = LineScanner.AfterLiteral(text, position);
        if (end == start + 1)
        {
            throw new StatementException(start, "expected one character and a closing quote, like 'c', '\\'' or '\\\\'");
        }

        position = end;
        var c = text[end - 2];
        if (end - start == 4 && c is not ('\\' or '\''))
        {
            throw new StatementException(start, "only \\' and \\\\ follow a backslash in a character; write others as numbers");
        }

        return new(TokenKind.Number, start, text[start..end], c);
    }
}
