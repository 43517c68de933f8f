namespace Trapline.Machines.Assembly;

/// <summary>Recursive descent with the precedences of C.</summary>
internal sealed class ExpressionParser(TokenReader reader, NameScope scope)
{
    /// <summary>From the weakest to the strongest.</summary>
    private static readonly string[][] Levels =
    [
        ["||"], ["&&"], ["|"], ["^"], ["&"], ["==", "!="], ["<", "<=", ">", ">="], ["<<", ">>"], ["+", "-"], ["*", "/", "%"],
    ];

    private int _depth;
    private int _terms;

    public static Expression Parse(TokenReader reader, NameScope scope) => new ExpressionParser(reader, scope).Binary(0);

    private Expression Binary(int level)
    {
        if (level == Levels.Length)
        {
            return Unary();
        }

        var left = Binary(level + 1);
        while (reader.Peek.Kind == TokenKind.Symbol && Levels[level].Contains(reader.Peek.Text))
        {
            var operation = reader.Take();
            var right = Binary(level + 1);
            left = new(ExpressionKind.Binary, operation.Position, Name: operation.Text, Left: left, Right: right);
        }

        return left;
    }

    private Expression Unary()
    {
        if (reader.Peek is not { Kind: TokenKind.Symbol, Text: "-" or "+" or "~" or "!" } operation)
        {
            return Primary();
        }

        reader.Take();
        Enter(operation.Position);
        var operand = Unary();
        _depth--;
        return new(ExpressionKind.Unary, operation.Position, Name: operation.Text, Left: operand);
    }

    private Expression Primary()
    {
        var token = reader.Take();
        if (++_terms > AssemblyLimits.ExpressionTerms)
        {
            throw new StatementException(token.Position, $"the expression has more than {AssemblyLimits.ExpressionTerms} terms");
        }

        switch (token)
        {
            case { Kind: TokenKind.Number }:
                return new(ExpressionKind.Number, token.Position, token.Number);
            case { Kind: TokenKind.Name }:
                return Symbol(token);
            case { Kind: TokenKind.Symbol, Text: "(" }:
                Enter(token.Position);
                var inner = Binary(0);
                reader.Expect(")", "to close the parenthesis");
                _depth--;
                return inner;
            default:
                throw new StatementException(token.Position, $"expected a number, a name or '(', found {token.Shown}");
        }
    }

    private Expression Symbol(Token token)
    {
        if (scope.Registers.TryGet(token.Text, out _))
        {
            throw new StatementException(token.Position, $"the register '{token.Text}' cannot be part of an expression: those are computed while assembling; an address is [register + expression]");
        }

        return new(ExpressionKind.Symbol, token.Position, Name: SymbolTable.FullName(token.Text, scope.Label, token.Position));
    }

    private void Enter(int position)
    {
        if (++_depth > AssemblyLimits.ExpressionDepth)
        {
            throw new StatementException(position, $"the expression is nested more than {AssemblyLimits.ExpressionDepth} deep");
        }
    }
}
