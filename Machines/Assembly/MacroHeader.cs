namespace Trapline.Machines.Assembly;

/// <summary>Reads <c>.macro name p1, p2=default</c>.</summary>
internal static class MacroHeader
{
    public static Macro Parse(SourceLine line, int after, IReadOnlyList<SourceLine> body, InstructionTable instructions)
    {
        var text = line.Text;
        var nameAt = LineScanner.SkipSpace(text, after);
        var name = LineScanner.NameAt(text, nameAt);
        CheckName(name, nameAt, instructions);
        var parameters = new List<(string Name, string? Default)>();
        foreach (var (parameter, position) in MacroExpander.SplitArguments(text, nameAt + name.Length))
        {
            var parameterName = LineScanner.NameAt(parameter, 0);
            if (parameterName.Length == 0 || parameterName.Contains('.', StringComparison.Ordinal))
            {
                throw new StatementException(position, "expected the name of a parameter: letters, digits and '_'");
            }

            if (parameters.Count == AssemblyLimits.MacroParameters)
            {
                throw new StatementException(position, $"a macro has at most {AssemblyLimits.MacroParameters} parameters");
            }

            if (parameters.Exists(known => known.Name == parameterName))
            {
                throw new StatementException(position, $"the parameter '{parameterName}' is named twice");
            }

            parameters.Add((parameterName, Default(parameter, parameterName, position)));
        }

        return new(name, line, parameters, body);
    }

    private static void CheckName(string name, int position, InstructionTable instructions)
    {
        if (name.Length == 0 || name[0] == '.')
        {
            throw new StatementException(position, "expected the macro's name, which does not start with a point");
        }

        if (instructions.Find(name) is not null)
        {
            throw new StatementException(position, $"'{name}' is an instruction; a macro needs another name");
        }
    }

    private static string? Default(string parameter, string name, int position)
    {
        var rest = parameter[name.Length..].TrimStart();
        if (rest.Length == 0)
        {
            return null;
        }

        return rest[0] == '='
            ? rest[1..].Trim()
            : throw new StatementException(position, $"expected ',' or '=' after the parameter '{name}', found {Printable.Quote(rest)}");
    }
}
