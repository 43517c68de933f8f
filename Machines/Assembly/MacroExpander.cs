using System.Text;
using Trapline.Machines.Text;

namespace Trapline.Machines.Assembly;

/// <summary>Makes lines from the bodies of macros and repetitions.</summary>
internal sealed class MacroExpander(SourceBudget budget)
{
    private int _expansions;

    /// <summary>The text cut at commas that are not in strings, characters, parentheses or brackets; nothing gives no argument.</summary>
    public static List<(string Text, int Position)> SplitArguments(string text, int start)
    {
        var arguments = new List<(string, int)>();
        var begin = LineScanner.SkipSpace(text, start);
        if (begin == text.Length)
        {
            return arguments;
        }

        var depth = 0;
        for (var i = begin; i < text.Length; i = LineScanner.AfterLiteral(text, i))
        {
            switch (text[i])
            {
                case '(' or '[':
                    depth++;
                    break;
                case ')' or ']':
                    depth--;
                    break;
                case ',' when depth <= 0:
                    arguments.Add((text[begin..i].Trim(), begin));
                    begin = LineScanner.SkipSpace(text, i + 1);
                    break;
            }
        }

        arguments.Add((text[begin..].Trim(), begin));
        return arguments;
    }

    /// <summary>The body with arguments for <c>\name</c>, a number of this expansion for <c>\@</c>, nothing for <c>\()</c>.</summary>
    public List<SourceLine> Expand(Macro macro, SourceLine invocation, int position, int argumentsAt)
    {
        var values = Bind(macro, invocation.Text, position, argumentsAt);
        values["@"] = $"{_expansions++}";
        values["()"] = "";
        var expansion = new Expansion($"macro '{macro.Name}'", invocation, position);
        var lines = new List<SourceLine>(macro.Body.Count);
        foreach (var line in macro.Body)
        {
            lines.Add(Substitute(line, values, expansion));
        }

        return lines;
    }

    /// <summary>The body with the number of the repetition for <c>\+</c>, but not in repetitions inside it, which have their own.</summary>
    public List<SourceLine> Repeat(IReadOnlyList<SourceLine> body, SourceLine origin, int position, int repetition)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["+"] = $"{repetition}" };
        var none = new Dictionary<string, string>(StringComparer.Ordinal);
        var expansion = new Expansion($"repetition {repetition}", origin, position);
        var lines = new List<SourceLine>(body.Count);
        var depth = 0;
        foreach (var line in body)
        {
            var word = LineScanner.NameAt(line.Text, LineScanner.SkipSpace(line.Text, 0));
            depth -= word == ".endr" ? 1 : 0;
            // The count of an inner .rept still belongs to this one.
            lines.Add(Substitute(line, depth > 0 ? none : values, expansion));
            depth += word == ".rept" ? 1 : 0;
        }

        return lines;
    }

    private static Dictionary<string, string> Bind(Macro macro, string text, int position, int argumentsAt)
    {
        var arguments = SplitArguments(text, argumentsAt);
        if (arguments.Count > macro.Parameters.Count)
        {
            throw new StatementException(arguments[macro.Parameters.Count].Position, $"the macro '{macro.Name}' takes {macro.Parameters.Count} arguments, here are {arguments.Count}");
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < macro.Parameters.Count; i++)
        {
            var (name, given) = (macro.Parameters[i].Name, i < arguments.Count ? arguments[i].Text : "");
            values[name] = given.Length > 0
                ? given
                : macro.Parameters[i].Default ?? throw new StatementException(position, $"the macro '{macro.Name}' needs an argument for '{name}'");
        }

        return values;
    }

    private SourceLine Substitute(SourceLine line, Dictionary<string, string> values, Expansion expansion)
    {
        var text = line.Text;
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return new(line.File, line.Number, budget.Take(text.Length), text, null, expansion);
        }

        var result = new StringBuilder();
        var columns = new List<int>();
        var next = NextBackslash(text, 0);
        for (var i = 0; i < text.Length;)
        {
            var (key, length) = i == next ? KeyAt(text, i + 1, values) : ("", 0);
            next = i == next ? NextBackslash(text, i + 1) : next;
            var piece = key.Length > 0 ? values[key] : text.Substring(i, 1);
            for (var j = 0; j < piece.Length; j++)
            {
                columns.Add(line.Column(i));
            }

            result.Append(piece);
            i += 1 + length;
            if (result.Length > AssemblyLimits.LineLength)
            {
                // The line is cut short; the invocation is where the reader has to look.
                throw new StatementException(expansion.Position, $"line {line.Number} of {expansion.What} becomes longer than {AssemblyLimits.LineLength} characters");
            }
        }

        return new(line.File, line.Number, budget.Take(result.Length), result.ToString(), [.. columns], expansion);
    }

    private static (string Key, int Length) KeyAt(string text, int position, Dictionary<string, string> values)
    {
        var name = LineScanner.NameAt(text, position).Split('.')[0];
        if (name.Length > 0 && values.ContainsKey(name))
        {
            return (name, name.Length);
        }

        foreach (var key in new[] { "@", "+", "()" })
        {
            if (values.ContainsKey(key) && string.CompareOrdinal(text, position, key, 0, key.Length) == 0)
            {
                return (key, key.Length);
            }
        }

        return ("", 0);
    }

    /// <summary>Reports parameters that a body uses but the macro does not have, where the macro is written.</summary>
    public static void CheckBody(Macro macro, Diagnostics diagnostics)
    {
        var names = macro.Parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var line in macro.Body)
        {
            for (var i = NextBackslash(line.Text, 0); i >= 0 && !diagnostics.Stopped; i = NextBackslash(line.Text, i + 1))
            {
                var name = LineScanner.NameAt(line.Text, i + 1).Split('.')[0];
                if (name.Length > 0 && !names.Contains(name))
                {
                    diagnostics.Add(line, i, $"the macro '{macro.Name}' has no parameter {Printable.Quote(name)}{NearestName.Hint(name, names.Order(StringComparer.Ordinal))}");
                }
            }
        }
    }

    /// <summary>-1 if there is none; two of them are one backslash of a text.</summary>
    private static int NextBackslash(string text, int start)
    {
        var i = text.IndexOf('\\', start);
        while (i >= 0 && i + 1 < text.Length && text[i + 1] == '\\')
        {
            i = text.IndexOf('\\', i + 2);
        }

        return i;
    }
}
