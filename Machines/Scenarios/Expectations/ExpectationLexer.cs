using Trapline.Machines.Text;

namespace Trapline.Machines.Scenarios.Expectations;

internal static class ExpectationLexer
{
    private static readonly string[] Operators = ["==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "(", ")", ","];

    public static List<ExpectationToken> Read(string text)
    {
        var tokens = new List<ExpectationToken>();
        var at = 0;
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            if (at == text.Length)
            {
                tokens.Add(new(ExpectationTokenKind.End, "", at));
                return tokens;
            }

            at = ReadOne(text, at, tokens);
        }
    }

    private static int ReadOne(string text, int start, List<ExpectationToken> tokens)
    {
        if (text[start] == '"')
        {
            var end = text.IndexOf('"', start + 1);
            if (end < 0)
            {
                throw new ExpectationException(start, "the text that starts here has no closing \"");
            }

            tokens.Add(new(ExpectationTokenKind.Text, text[(start + 1)..end], start));
            return end + 1;
        }

        if (char.IsAsciiLetterOrDigit(text[start]) || text[start] == '_')
        {
            var isNumber = char.IsAsciiDigit(text[start]);
            var end = start;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_' || (isNumber && text[end] == '.')))
            {
                end++;
            }

            tokens.Add(new(isNumber ? ExpectationTokenKind.Number : ExpectationTokenKind.Name, text[start..end], start));
            return end;
        }

        foreach (var symbol in Operators)
        {
            if (string.CompareOrdinal(text, start, symbol, 0, symbol.Length) == 0)
            {
                tokens.Add(new(ExpectationTokenKind.Operator, symbol, start));
                return start + symbol.Length;
            }
        }

        var remedy = text[start] switch
        {
            '=' => "; equality is ==",
            '&' => "; write and",
            '|' => "; write or",
            '\'' => "; texts stand in \"double quotes\"",
            _ => "",
        };
        throw new ExpectationException(start, $"{Quoted.Show(text.Substring(start, char.IsSurrogatePair(text, start) ? 2 : 1))} does not belong in an expression{remedy}");
    }
}
