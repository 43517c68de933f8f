using System.Globalization;
using Trapline.Machines.Text;

namespace Trapline.Machines.Scenarios.Expectations;

/// <summary>
/// Recursive descent, weakest binding first: <c>or</c>, <c>and</c>, one comparison, sums, products, sign, then numbers,
/// names, calls and parentheses.
/// </summary>
internal sealed class ExpectationParser(List<ExpectationToken> tokens, ExpectationNames names)
{
    /// <summary>Nesting of parentheses and signs: the parser's own stack is what it protects.</summary>
    private const int MaximumDepth = 32;

    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];

    private int _at;
    private int _depth;

    private ExpectationToken Current => tokens[_at];

    public ExpectationOperand Parse()
    {
        var whole = Or();
        if (Current.Kind != ExpectationTokenKind.End)
        {
            var remedy = Comparisons.Contains(Current.Text) ? "; join two comparisons with and" : "; expected an operator or the end";
            throw new ExpectationException(Current.Offset, $"{Current.Shown} cannot stand here{remedy}");
        }

        return whole.Kind == ExpectationKind.Truth
            ? whole
            : throw new ExpectationException(whole.Offset, "this is a value, nothing that holds or not; compare it: == != < <= > >=");
    }

    private ExpectationOperand Or() => Joined("or", And, decides: true);

    private ExpectationOperand And() => Joined("and", Comparison, decides: false);

    /// <summary>Joins conditions from left to right; the first that is <paramref name="decides"/> decides, and is shown alone.</summary>
    private ExpectationOperand Joined(string word, Func<ExpectationOperand> part, bool decides)
    {
        var left = part();
        while (Current.Is(word))
        {
            Require(left, ExpectationKind.Truth, $"'{word}' joins comparisons");
            _at++;
            var (first, second) = (left, part());
            Require(second, ExpectationKind.Truth, $"'{word}' joins comparisons");
            left = new(ExpectationKind.Truth, first.Offset, context =>
            {
                var one = first.Evaluate(context);
                if (one.Truth == decides)
                {
                    return one;
                }

                var other = second.Evaluate(context);
                return other.Truth == decides ? other : ExpectationValue.OfTruth(!decides, $"{one.Shown} {word} {other.Shown}");
            });
        }

        return left;
    }

    private ExpectationOperand Comparison()
    {
        var left = Sum();
        if (Current.Kind != ExpectationTokenKind.Operator || !Comparisons.Contains(Current.Text))
        {
            return left;
        }

        var symbol = Current;
        _at++;
        var right = Sum();
        if (left.Kind != right.Kind || left.Kind == ExpectationKind.Truth)
        {
            throw new ExpectationException(symbol.Offset, $"'{symbol.Text}' compares two numbers or two texts");
        }

        if (left.Kind == ExpectationKind.Text && symbol.Text is not ("==" or "!="))
        {
            throw new ExpectationException(symbol.Offset, $"'{symbol.Text}' compares numbers; texts only with == and !=");
        }

        CheckWord(left, right);
        CheckWord(right, left);
        return new(ExpectationKind.Truth, left.Offset, context => ExpectationArithmetic.Compare(left, symbol.Text, right, context));
    }

    /// <summary>A word that an axis never has would make a comparison that never, or always, holds.</summary>
    private static void CheckWord(ExpectationOperand axis, ExpectationOperand text)
    {
        if (axis.Words is { } words && text.Literal is { } literal && !words.Contains(literal))
        {
            throw new ExpectationException(text.Offset, $"{Quoted.Show(literal)} is not one of {string.Join(", ", words)}{Quoted.Suggest(literal, words)}");
        }
    }

    private ExpectationOperand Sum() => Chain(Product, "+", "-");

    private ExpectationOperand Product() => Chain(Signed, "*", "/", "%");

    private ExpectationOperand Chain(Func<ExpectationOperand> part, params ReadOnlySpan<string> symbols)
    {
        var left = part();
        while (Current.Kind == ExpectationTokenKind.Operator && symbols.Contains(Current.Text))
        {
            var symbol = Current;
            _at++;
            var (first, second) = (left, part());
            Require(first, ExpectationKind.Number, $"'{symbol.Text}' computes with numbers");
            Require(second, ExpectationKind.Number, $"'{symbol.Text}' computes with numbers");
            left = new(ExpectationKind.Number, first.Offset, context => ExpectationArithmetic.Compute(first, symbol.Text, second, context));
        }

        return left;
    }

    private ExpectationOperand Signed()
    {
        if (!Current.Is("-"))
        {
            return Primary();
        }

        var offset = Enter();
        var operand = Signed();
        _depth--;
        Require(operand, ExpectationKind.Number, "'-' computes with numbers");
        var zero = new ExpectationOperand(ExpectationKind.Number, offset, _ => ExpectationValue.OfInteger(0));
        return new(ExpectationKind.Number, offset, context => ExpectationArithmetic.Compute(zero, "-", operand, context));
    }

    private ExpectationOperand Primary()
    {
        var token = Current;
        switch (token.Kind)
        {
            case ExpectationTokenKind.Number:
                _at++;
                return Literal(token);
            case ExpectationTokenKind.Text:
                _at++;
                return new(ExpectationKind.Text, token.Offset, _ => ExpectationValue.OfText(token.Text)) { Literal = token.Text };
            case ExpectationTokenKind.Name when token.Text is not ("and" or "or"):
                _at++;
                return Current.Is("(") ? ExpectationFunctions.Call(token, Arguments()) : ExpectationFunctions.Name(token, names);
            case ExpectationTokenKind.Operator when token.Text == "(":
                Enter();
                var inner = Or();
                _depth--;
                Expect(")");
                return inner with { Offset = token.Offset };
            default:
                throw new ExpectationException(token.Offset, $"expected a number, a name, a text or '(', found {token.Shown}");
        }
    }

    private List<ExpectationToken> Arguments()
    {
        _at++;
        var arguments = new List<ExpectationToken>();
        while (!Current.Is(")"))
        {
            if (arguments.Count > 0)
            {
                Expect(",");
            }

            if (Current.Kind != ExpectationTokenKind.Text)
            {
                throw new ExpectationException(Current.Offset, $"expected a text in double quotes, found {Current.Shown}");
            }

            arguments.Add(Current);
            _at++;
        }

        _at++;
        return arguments;
    }

    private static ExpectationOperand Literal(ExpectationToken token)
    {
        if (long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var integer))
        {
            return new(ExpectationKind.Number, token.Offset, _ => ExpectationValue.OfInteger(integer));
        }

        if (token.Text.Contains('.') && token.Text.Length <= 20
            && decimal.TryParse(token.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return new(ExpectationKind.Number, token.Offset, _ => ExpectationValue.OfDecimal(number));
        }

        throw new ExpectationException(token.Offset, $"{Quoted.Show(token.Text)} is not a number that fits 64 bits; times are plain nanoseconds, without a unit");
    }

    private int Enter()
    {
        if (++_depth > MaximumDepth)
        {
            throw new ExpectationException(Current.Offset, $"nested deeper than {MaximumDepth} levels; split the expression");
        }

        return tokens[_at++].Offset;
    }

    private void Expect(string symbol)
    {
        if (!Current.Is(symbol))
        {
            throw new ExpectationException(Current.Offset, $"expected '{symbol}', found {Current.Shown}");
        }

        _at++;
    }

    private static void Require(ExpectationOperand operand, ExpectationKind kind, string rule)
    {
        if (operand.Kind != kind)
        {
            throw new ExpectationException(operand.Offset, $"{rule}; this is {(operand.Kind == ExpectationKind.Truth ? "a comparison" : operand.Kind == ExpectationKind.Text ? "a text" : "a number")}");
        }
    }
}
