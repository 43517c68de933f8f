using Trapline.Machines.Results;
using Trapline.Machines.Yaml;

namespace Trapline.Machines.Scenarios.Expectations;

/// <summary>
/// One line of <c>expect</c>: a condition over the report of a variant, such as
/// <c>exits("ipi_write IPI_SEND") == (vcpus - 1) * rounds</c>.
/// </summary>
public sealed class Expectation
{
    public const int LongestText = 1_000;

    private readonly ExpectationOperand _condition;
    private readonly IReadOnlyDictionary<string, long> _constants;
    private readonly IReadOnlyDictionary<string, string> _words;

    private Expectation(string text, ExpectationOperand condition, IReadOnlyDictionary<string, long> constants, IReadOnlyDictionary<string, string> words)
    {
        Text = text;
        _condition = condition;
        _constants = constants;
        _words = words;
    }

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <summary>Reads an expression; null after an error at the place in the file.</summary>
    /// <param name="node">Where it is written.</param>
    /// <param name="names">Of all guest parameters and axes that the scenario gives.</param>
    /// <param name="errors">Gets the first error.</param>
    public static Expectation? Parse(ScalarNode node, ExpectationNames names, ErrorList errors)
    {
        if (node.Text.Length > LongestText)
        {
            errors.Add(node.Position, $"an expectation has at most {LongestText} characters; split it");
            return null;
        }

        try
        {
            var condition = new ExpectationParser(ExpectationLexer.Read(node.Text), names).Parse();
            return new(node.Text, condition, new Dictionary<string, long>(), new Dictionary<string, string>());
        }
        catch (ExpectationException exception)
        {
            if (node.TextColumn > 0)
            {
                errors.Add(node.Position with { Column = node.TextColumn + exception.Offset }, exception.Message);
            }
            else
            {
                // Folded or escaped: the text is not the file's characters one by one.
                errors.Add(node.Position, $"at character {exception.Offset + 1} of the expression: {exception.Message}");
            }

            return null;
        }
    }

    /// <summary>The same condition for one variant.</summary>
    /// <param name="constants">The guest's parameters and <c>vcpus</c>.</param>
    /// <param name="words">Its keys of <c>machine</c> and the axes that have words.</param>
    public Expectation For(IReadOnlyDictionary<string, long> constants, IReadOnlyDictionary<string, string> words) => new(Text, _condition, constants, words);

    /// <summary>Asks the report. What cannot be evaluated does not hold, and the row says why.</summary>
    public ExpectationRow Evaluate(VariantReport report)
    {
        try
        {
            var value = _condition.Evaluate(new(report, _constants, _words));
            return new(Text, value.Truth, value.Shown);
        }
        catch (ExpectationException exception)
        {
            return new(Text, false, $"cannot be evaluated: {exception.Message}");
        }
    }
}
