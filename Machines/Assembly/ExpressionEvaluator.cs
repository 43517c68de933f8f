using Trapline.Machines.Text;

namespace Trapline.Machines.Assembly;

/// <summary>
/// Computes expressions in 64 bits, signed and wrapping: division rounds towards zero, <c>&gt;&gt;</c> keeps the sign,
/// comparisons give 1 or 0, <c>&amp;&amp;</c> and <c>||</c> leave their right side alone if the left decides.
/// </summary>
internal sealed class ExpressionEvaluator(SymbolTable symbols)
{
    /// <summary>False while the source is still being read: then only what stands above a line is known to it.</summary>
    public bool AllSymbolsKnown { get; set; }

    public Value Evaluate(Expression expression) => expression.Kind switch
    {
        ExpressionKind.Number => new(expression.Number, ValueTaints.None),
        ExpressionKind.Symbol => Symbol(expression),
        ExpressionKind.Unary => Unary(expression),
        _ => Binary(expression),
    };

    /// <summary>Whether an expression that is a name alone has a value.</summary>
    public bool IsDefined(Expression name) => symbols.Find(name.Name) is not null;

    private Value Symbol(Expression expression)
    {
        if (symbols.Find(expression.Name) is not { } symbol)
        {
            var hint = NearestName.Hint(expression.Name, symbols.Names);
            var reason = AllSymbolsKnown ? "is not defined" : "is not defined above this line, where its value is needed at once";
            throw new StatementException(expression.Position, $"{Printable.Quote(expression.Name)} {reason}{hint}");
        }

        var taint = symbol.Kind switch
        {
            SymbolKind.Invalid => ValueTaints.Invalid,
            SymbolKind.PerCpu => ValueTaints.PerCpu,
            SymbolKind.Label or SymbolKind.Shared => ValueTaints.Address,
            _ => ValueTaints.None,
        };
        return new(symbol.Value, taint);
    }

    private Value Unary(Expression expression)
    {
        var operand = Evaluate(expression.Left!);
        var number = expression.Name switch
        {
            "-" => unchecked(-operand.Number),
            "~" => ~operand.Number,
            "!" => operand.Number == 0 ? 1 : 0,
            _ => operand.Number,
        };
        return operand with { Number = number };
    }

    private Value Binary(Expression expression)
    {
        var left = Evaluate(expression.Left!);
        if (expression.Name is "&&" or "||" && !left.IsInvalid && left.Number != 0 == (expression.Name == "||"))
        {
            return left with { Number = left.Number == 0 ? 0 : 1 };
        }

        var right = Evaluate(expression.Right!);
        var taints = left.Taints | right.Taints;
        return (taints & ValueTaints.Invalid) != 0
            ? new(0, taints)
            : new(Apply(expression, left.Number, right.Number), taints);
    }

    private static long Apply(Expression expression, long a, long b) => expression.Name switch
    {
        "+" => unchecked(a + b),
        "-" => unchecked(a - b),
        "*" => unchecked(a * b),
        "/" or "%" => Divide(expression, a, b),
        "<<" => a << Shift(expression, b),
        ">>" => a >> Shift(expression, b),
        "&" => a & b,
        "|" => a | b,
        "^" => a ^ b,
        "==" => a == b ? 1 : 0,
        "!=" => a != b ? 1 : 0,
        "<" => a < b ? 1 : 0,
        "<=" => a <= b ? 1 : 0,
        ">" => a > b ? 1 : 0,
        ">=" => a >= b ? 1 : 0,
        "&&" => a != 0 && b != 0 ? 1 : 0,
        _ => a != 0 || b != 0 ? 1 : 0,
    };

    private static long Divide(Expression expression, long a, long b)
    {
        if (b == 0)
        {
            throw new StatementException(expression.Position, "division by zero");
        }

        // Of the least number by -1 the processor traps; here it wraps like the rest.
        if (b == -1)
        {
            return expression.Name == "/" ? unchecked(-a) : 0;
        }

        return expression.Name == "/" ? a / b : a % b;
    }

    private static int Shift(Expression expression, long amount) => amount is >= 0 and < 64
        ? (int)amount
        : throw new StatementException(expression.Position, $"the shift amount {amount} is not between 0 and 63");
}
