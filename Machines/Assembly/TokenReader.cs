namespace Trapline.Machines.Assembly;

/// <summary>A cursor over a statement's tokens.</summary>
internal sealed class TokenReader(IReadOnlyList<Token> tokens)
{
    private int _next;

    public Token Peek => tokens[_next];

    public bool AtEnd => Peek.Kind == TokenKind.End;

    public Token Take()
    {
        var token = tokens[_next];
        if (token.Kind != TokenKind.End)
        {
            _next++;
        }

        return token;
    }

    public bool PeekSymbol(string symbol) => Peek.Kind == TokenKind.Symbol && Peek.Text == symbol;

    public bool Accept(string symbol)
    {
        if (!PeekSymbol(symbol))
        {
            return false;
        }

        _next++;
        return true;
    }

    public void Expect(string symbol, string where)
    {
        if (!Accept(symbol))
        {
            throw new StatementException(Peek.Position, $"expected '{symbol}' {where}, found {Peek.Shown}");
        }
    }

    public Token ExpectName(string what)
    {
        var token = Peek;
        return token.Kind == TokenKind.Name ? Take() : throw new StatementException(token.Position, $"expected {what}, found {token.Shown}");
    }

    public void ExpectEnd(string after)
    {
        if (!AtEnd)
        {
            throw new StatementException(Peek.Position, $"expected the end of the line after {after}, found {Peek.Shown}");
        }
    }
}
