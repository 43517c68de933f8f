using Trapline.Machines.Text;

namespace Trapline.Machines.Assembly;

/// <summary>The parameters that the scenario sets, and which of them the guest declares.</summary>
internal sealed class ParameterValues(IReadOnlyDictionary<string, string> values, ExpressionEvaluator evaluator)
{
    private readonly HashSet<string> _declared = new(StringComparer.Ordinal);

    /// <summary>The scenario's value; null if it sets none.</summary>
    /// <param name="name">Of the parameter.</param>
    /// <param name="position">Of its declaration in the line.</param>
    /// <param name="registers">Names that are registers.</param>
    public long? Declare(string name, int position, RegisterNames registers)
    {
        _declared.Add(name);
        if (!values.TryGetValue(name, out var text))
        {
            return null;
        }

        try
        {
            if (text.Length > AssemblyLimits.LineLength)
            {
                throw new StatementException(0, "it is too long");
            }

            var reader = new TokenReader(Lexer.Tokenize(text, 0));
            var expression = ExpressionParser.Parse(reader, new("", registers));
            reader.ExpectEnd("the value");
            return evaluator.Evaluate(expression).Number;
        }
        catch (StatementException e)
        {
            throw new StatementException(position, $"the value {Printable.Quote(text)} given for the parameter '{name}' is wrong: {e.Message}");
        }
    }

    public void ReportUndeclared(string path, Diagnostics diagnostics)
    {
        foreach (var name in values.Keys.Order(StringComparer.Ordinal))
        {
            if (!_declared.Contains(name))
            {
                var hint = NearestName.Hint(name, _declared.Order(StringComparer.Ordinal));
                diagnostics.Add(path, 1, 1, $"the guest declares no .param {Printable.Quote(name)}{hint}");
            }
        }
    }
}
