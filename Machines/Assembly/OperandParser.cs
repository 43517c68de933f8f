namespace Trapline.Machines.Assembly;

/// <summary>Reads the operands of an instruction by their looks.</summary>
internal static class OperandParser
{
    public static Operand[] ParseAll(TokenReader reader, NameScope scope)
    {
        if (reader.AtEnd)
        {
            return [];
        }

        var operands = new List<Operand>();
        do
        {
            if (operands.Count == AssemblyLimits.Operands)
            {
                throw new StatementException(reader.Peek.Position, "no instruction has so many operands");
            }

            operands.Add(Parse(reader, scope));
        }
        while (reader.Accept(","));
        reader.ExpectEnd("the operands, which commas separate");
        return [.. operands];
    }

    private static Operand Parse(TokenReader reader, NameScope scope)
    {
        var first = reader.Peek;
        if (first.Kind == TokenKind.Text)
        {
            reader.Take();
            return new(OperandSyntax.Text, first.Position, Text: first.Text);
        }

        if (reader.PeekSymbol("["))
        {
            return Address(reader, scope);
        }

        if (first.Kind == TokenKind.Name && scope.Registers.TryGet(first.Text, out var register))
        {
            reader.Take();
            return new(OperandSyntax.Register, first.Position, register);
        }

        if (reader.AtEnd || reader.PeekSymbol(","))
        {
            throw new StatementException(first.Position, $"expected an operand, found {first.Shown}");
        }

        var expression = ExpressionParser.Parse(reader, scope);
        var alone = first.Kind == TokenKind.Name && expression.Kind == ExpressionKind.Symbol;
        return new(OperandSyntax.Expression, first.Position, Expression: expression, Text: alone ? first.Text : "");
    }

    private static Operand Address(TokenReader reader, NameScope scope)
    {
        var start = reader.Take().Position;
        byte register = 0;
        Expression? expression = null;
        if (reader.Peek.Kind == TokenKind.Name && scope.Registers.TryGet(reader.Peek.Text, out register))
        {
            reader.Take();
            if (reader.PeekSymbol("+") || reader.PeekSymbol("-"))
            {
                // The sign is read as that of the expression: [sp - 8 + 4] is sp - 4.
                expression = ExpressionParser.Parse(reader, scope);
            }
        }
        else
        {
            expression = ExpressionParser.Parse(reader, scope);
        }

        reader.Expect("]", "to close the address");
        return new(OperandSyntax.Address, start, register, expression);
    }
}
