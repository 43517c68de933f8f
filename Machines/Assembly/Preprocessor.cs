namespace Trapline.Machines.Assembly;

/// <summary>Follows includes, expands macros and repetitions, leaves out what conditions exclude; the rest goes to the first pass.</summary>
internal sealed class Preprocessor(SourceLoader loader, SourceBudget budget, ExpressionEvaluator evaluator, Diagnostics diagnostics, FirstPass firstPass)
{
    public static readonly IReadOnlyList<string> Directives =
        [".include", ".macro", ".endm", ".rept", ".endr", ".if", ".else", ".endif", ".error"];

    private readonly Dictionary<string, Macro> _macros = new(StringComparer.Ordinal);
    private readonly List<string> _including = [];
    private readonly MacroExpander _expander = new(budget);
    private int _depth;

    public void Run(SourceFile main)
    {
        _including.Add(main.Path);
        Block(main.Lines);
    }

    private void Block(IReadOnlyList<SourceLine> lines)
    {
        var conditions = new ConditionStack();
        var i = 0;
        while (i < lines.Count && !diagnostics.Stopped)
        {
            try
            {
                i = Line(lines, i, conditions);
            }
            catch (StatementException e)
            {
                diagnostics.Add(lines[i], e.Position, e.Message);
                i++;
            }
            catch (SourceBudgetException e)
            {
                diagnostics.Fatal(lines[i], 0, e.Message);
            }
        }

        foreach (var line in diagnostics.Stopped ? [] : conditions.Unclosed)
        {
            diagnostics.Add(line, LineScanner.SkipSpace(line.Text, 0), ".if without .endif");
        }
    }

    /// <returns>The index of the line to go on with.</returns>
    private int Line(IReadOnlyList<SourceLine> lines, int index, ConditionStack conditions)
    {
        var line = lines[index];
        var position = 0;
        while (LineScanner.TryTakeLabel(line.Text, ref position, out var label, out var labelAt))
        {
            if (conditions.Active)
            {
                firstPass.RequireArchitecture(line, labelAt, label);
                Label(line, label, labelAt);
            }
        }

        position = LineScanner.SkipSpace(line.Text, position);
        if (position == line.Text.Length)
        {
            return index + 1;
        }

        var word = LineScanner.NameAt(line.Text, position);
        var after = position + word.Length;
        switch (word)
        {
            case ".if":
                conditions.If(line, conditions.Active && Number(line, position, after, conditions) != 0);
                return index + 1;
            case ".else":
                conditions.Else(position);
                End(line, after, word);
                return index + 1;
            case ".endif":
                conditions.EndIf(position);
                End(line, after, word);
                return index + 1;
        }

        if (!conditions.Active)
        {
            return index + 1;
        }

        firstPass.RequireArchitecture(line, position, word);
        return Active(lines, index, position, word);
    }

    private int Active(IReadOnlyList<SourceLine> lines, int index, int position, string word)
    {
        var line = lines[index];
        var after = position + word.Length;
        switch (word)
        {
            case ".macro":
                return Define(lines, index, position, after);
            case ".rept":
                return Repeat(lines, index, position, after);
            case ".include":
                Include(line, position, after);
                break;
            case ".error":
                Error(line, position, after);
                break;
            case ".endm" or ".endr":
                throw new StatementException(position, $"{word} without {(word == ".endm" ? ".macro" : ".rept")}");
            default:
                if (_macros.TryGetValue(word, out var macro))
                {
                    Nested(line, position, () => Block(_expander.Expand(macro, line, position, after)));
                }
                else
                {
                    firstPass.Statement(line, position, _macros.Keys);
                }

                break;
        }

        return index + 1;
    }

    /// <summary>A wrong label does not spoil the statement behind it.</summary>
    private void Label(SourceLine line, string name, int position)
    {
        try
        {
            firstPass.Label(line, name, position);
        }
        catch (StatementException e)
        {
            diagnostics.Add(line, e.Position, e.Message);
        }
    }

    private static void End(SourceLine line, int after, string word) =>
        new TokenReader(Lexer.Tokenize(line.Text, after)).ExpectEnd(word);

    /// <summary>Of a condition: one that is wrong counts as false, so that its .endif still finds it.</summary>
    private long Number(SourceLine line, int position, int after, ConditionStack conditions)
    {
        try
        {
            firstPass.RequireArchitecture(line, position, ".if");
            return Number(line, after);
        }
        catch (StatementException)
        {
            conditions.If(line, holds: false);
            throw;
        }
    }

    private long Number(SourceLine line, int after)
    {
        var reader = new TokenReader(Lexer.Tokenize(line.Text, after));
        var expression = ExpressionParser.Parse(reader, firstPass.Scope);
        reader.ExpectEnd("the expression");
        return evaluator.Evaluate(expression).Number;
    }

    private void Nested(SourceLine line, int position, Action block)
    {
        if (_depth == AssemblyLimits.MacroDepth)
        {
            diagnostics.Fatal(line, position, $"macros and repetitions are nested more than {AssemblyLimits.MacroDepth} deep; does one invoke itself without end?");
            return;
        }

        _depth++;
        block();
        _depth--;
    }

    private int Define(IReadOnlyList<SourceLine> lines, int index, int position, int after)
    {
        var line = lines[index];
        var end = Closing(lines, index, ".macro", ".endm", allowNested: false);
        if (end < 0)
        {
            diagnostics.Add(line, position, ".macro without .endm");
            return lines.Count;
        }

        var body = lines.Skip(index + 1).Take(end - index - 1).ToList();
        try
        {
            var macro = MacroHeader.Parse(line, after, body, firstPass.Dialect.Instructions);
            if (_macros.TryGetValue(macro.Name, out var known))
            {
                throw new StatementException(after + 1, $"the macro '{macro.Name}' is already defined at {known.Line.File.Path}:{known.Line.Number}");
            }

            MacroExpander.CheckBody(macro, diagnostics);
            _macros.Add(macro.Name, macro);
        }
        catch (StatementException e)
        {
            diagnostics.Add(line, e.Position, e.Message);
        }

        return end + 1;
    }

    private int Repeat(IReadOnlyList<SourceLine> lines, int index, int position, int after)
    {
        var line = lines[index];
        var end = Closing(lines, index, ".rept", ".endr", allowNested: true);
        if (end < 0)
        {
            diagnostics.Add(line, position, ".rept without .endr");
            return lines.Count;
        }

        try
        {
            var count = Number(line, after);
            if (count is < 0 or > AssemblyLimits.Lines)
            {
                throw new StatementException(after + 1, $"the number of repetitions is {count}; it must be 0 to {AssemblyLimits.Lines}");
            }

            // With its .endr, so that empty bodies count too.
            var body = lines.Skip(index + 1).Take(end - index - 1).ToList();
            for (var i = 0; i < count && !diagnostics.Stopped; i++)
            {
                budget.Take(0);
                var repetition = i;
                Nested(line, position, () => Block(_expander.Repeat(body, line, position, repetition)));
            }
        }
        catch (StatementException e)
        {
            diagnostics.Add(line, e.Position, e.Message);
        }

        return end + 1;
    }

    /// <summary>The index of the closing directive, -1 if there is none.</summary>
    private static int Closing(IReadOnlyList<SourceLine> lines, int index, string open, string close, bool allowNested)
    {
        var depth = 0;
        for (var i = index + 1; i < lines.Count; i++)
        {
            var at = LineScanner.SkipSpace(lines[i].Text, 0);
            var word = LineScanner.NameAt(lines[i].Text, at);
            if (word == open)
            {
                if (!allowNested)
                {
                    return -1;
                }

                depth++;
            }
            else if (word == close && depth-- == 0)
            {
                return i;
            }
        }

        return -1;
    }

    private static void Error(SourceLine line, int position, int after)
    {
        var reader = new TokenReader(Lexer.Tokenize(line.Text, after));
        var text = reader.Take();
        if (text.Kind != TokenKind.Text)
        {
            throw new StatementException(text.Position, $"expected a text in quotes after .error, found {text.Shown}");
        }

        reader.ExpectEnd("the text");
        throw new StatementException(position, text.Text);
    }

    private void Include(SourceLine line, int position, int after)
    {
        var reader = new TokenReader(Lexer.Tokenize(line.Text, after));
        var name = reader.Take();
        if (name.Kind != TokenKind.Text)
        {
            throw new StatementException(name.Position, $"expected a file name in quotes after .include, found {name.Shown}");
        }

        reader.ExpectEnd("the file name");
        var path = IncludePath.Resolve(line.File.Path, name.Text, name.Position);
        var cycle = _including.IndexOf(path);
        if (cycle >= 0)
        {
            throw new StatementException(name.Position, $"{Printable.Quote(name.Text)} includes itself: {string.Join(" -> ", _including.Skip(cycle).Append(path))}");
        }

        // A second time it would only define everything twice.
        if (loader.IsLoaded(path))
        {
            return;
        }

        if (_including.Count > AssemblyLimits.IncludeDepth)
        {
            throw new StatementException(position, $"includes are nested more than {AssemblyLimits.IncludeDepth} deep");
        }

        var file = loader.Load(path, out var problem)
            ?? throw new StatementException(name.Position, $"cannot read {path}: {problem}");
        _including.Add(path);
        Block(file.Lines);
        _including.RemoveAt(_including.Count - 1);
    }
}
