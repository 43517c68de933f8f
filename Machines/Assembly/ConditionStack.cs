namespace Trapline.Machines.Assembly;

/// <summary>Open <c>.if</c>s of one file, macro body or repetition; they must be closed where they were opened.</summary>
internal sealed class ConditionStack
{
    private readonly Stack<Condition> _open = new();

    public bool Active => _open.Count == 0 || _open.Peek().Active;

    public IEnumerable<SourceLine> Unclosed => _open.Select(condition => condition.Line).Reverse();

    public void If(SourceLine line, bool holds) => _open.Push(new(line, Active, holds, InElse: false));

    public void Else(int position)
    {
        if (_open.Count == 0 || _open.Peek().InElse)
        {
            throw new StatementException(position, _open.Count == 0 ? ".else without .if" : "a second .else; the .if is at line " + _open.Peek().Line.Number);
        }

        var condition = _open.Pop();
        _open.Push(condition with { Holds = !condition.Holds, InElse = true });
    }

    public void EndIf(int position)
    {
        if (!_open.TryPop(out _))
        {
            throw new StatementException(position, ".endif without .if");
        }
    }

    private sealed record Condition(SourceLine Line, bool Around, bool Holds, bool InElse)
    {
        public bool Active => Around && Holds;
    }
}
