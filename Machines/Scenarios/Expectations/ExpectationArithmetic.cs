namespace Trapline.Machines.Scenarios.Expectations;

/// <summary>Exact: what does not fit is an error of the evaluation, never a wrapped or rounded number.</summary>
internal static class ExpectationArithmetic
{
    public static ExpectationValue Compute(ExpectationOperand left, string symbol, ExpectationOperand right, ExpectationContext context)
    {
        var a = left.Evaluate(context);
        var b = right.Evaluate(context);
        if (symbol is "/" or "%" && b.Number == 0)
        {
            throw new ExpectationException(right.Offset, "division by zero");
        }

        decimal result;
        try
        {
            result = symbol switch
            {
                "+" => a.Number + b.Number,
                "-" => a.Number - b.Number,
                "*" => a.Number * b.Number,
                "/" => a.Number / b.Number,
                _ => a.Number % b.Number,
            };
        }
        catch (OverflowException)
        {
            throw new ExpectationException(left.Offset, "a number left the range that can be computed with");
        }

        // 7 / 2 is 3.5: an expectation that silently cut off a remainder could hold by accident.
        return a.IsInteger && b.IsInteger && (symbol != "/" || decimal.IsInteger(result))
            ? ExpectationValue.OfInteger(result)
            : ExpectationValue.OfDecimal(result);
    }

    public static ExpectationValue Compare(ExpectationOperand left, string symbol, ExpectationOperand right, ExpectationContext context)
    {
        var a = left.Evaluate(context);
        var b = right.Evaluate(context);
        var order = left.Kind == ExpectationKind.Text ? string.CompareOrdinal(a.Text, b.Text) : a.Number.CompareTo(b.Number);
        var truth = symbol switch
        {
            "==" => order == 0,
            "!=" => order != 0,
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
        return ExpectationValue.OfTruth(truth, $"{a.Shown} {symbol} {b.Shown}");
    }
}
