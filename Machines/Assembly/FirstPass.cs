using Trapline.Actors.Guests;
using Trapline.Machines.Text;

namespace Trapline.Machines.Assembly;

/// <summary>First pass: gives every label, datum and instruction its address, every constant its value.</summary>
/// <param name="symbols">Gets the names.</param>
/// <param name="evaluator">Computes what directives need at once.</param>
/// <param name="parameters">What the scenario sets.</param>
/// <param name="diagnostics">Gets the errors.</param>
/// <param name="required">The architecture of the machine; null if any will do.</param>
internal sealed class FirstPass(SymbolTable symbols, ExpressionEvaluator evaluator, ParameterValues parameters, Diagnostics diagnostics, GuestArchitecture? required)
{
    private static readonly string[] OwnDirectives = [".arch", ".const", ".param", ".shared", ".percpu", ".entry", ".org", ".align"];

    private bool _architectureKnown;
    private string _label = "";

    /// <summary>Of the architecture that <c>.arch</c> names; before it, and without it, LoongArch.</summary>
    public Dialect Dialect { get; private set; } = Dialect.LoongArch;

    public NameScope Scope => new(_label, Dialect.Registers);

    public TextLayout Text { get; private set; } = TextOf(Dialect.LoongArch);

    public DataLayout Shared { get; private set; } = SharedOf(Dialect.LoongArch);

    public DataLayout PerCpu { get; private set; } = PerCpuOf(Dialect.LoongArch);

    /// <summary>Line and expression of <c>.entry</c>.</summary>
    public (SourceLine Line, Expression Expression, int Position)? Entry { get; private set; }

    /// <summary>The first statement of a guest says for which architecture it is.</summary>
    public void RequireArchitecture(SourceLine line, int position, string word)
    {
        if (!_architectureKnown && word != ".arch")
        {
            // Once: what follows is read as if the line were there.
            _architectureKnown = true;
            diagnostics.Add(line, position, $"the first statement must be {string.Join(" or ", Dialect.All.Select(dialect => $"'.arch {dialect.Architecture.Name}'"))}");
        }
    }

    public void Label(SourceLine line, string name, int position)
    {
        var fullName = SymbolTable.FullName(name, _label, position);
        symbols.Define(fullName, SymbolKind.Label, (long)Text.Address, line, position);
        if (name[0] != '.')
        {
            _label = name;
        }
    }

    /// <remarks>
    /// <c>macros</c>: For the hint about unknown words: macros can stand where an instruction can.
    /// </remarks>
    public void Statement(SourceLine line, int position, IEnumerable<string> macros)
    {
        var reader = new TokenReader(Lexer.Tokenize(line.Text, position));
        var word = reader.ExpectName("an instruction, a directive or a label");
        switch (word.Text)
        {
            case ".arch":
                Arch(reader);
                break;
            case ".const":
                Constant(line, reader, SymbolKind.Constant);
                break;
            case ".param":
                Constant(line, reader, SymbolKind.Parameter);
                break;
            case ".shared":
                Data(line, reader, SymbolKind.Shared, Shared);
                break;
            case ".percpu":
                Data(line, reader, SymbolKind.PerCpu, PerCpu);
                break;
            case ".entry":
                SetEntry(line, reader, word);
                break;
            case ".org":
                Origin(line, reader);
                break;
            case ".align":
                Align(line, reader);
                break;
            default:
                Instruction(line, reader, word, macros);
                break;
        }
    }

    private void Arch(TokenReader reader)
    {
        var isFirst = !_architectureKnown;
        _architectureKnown = true;
        var name = reader.ExpectName("an architecture");
        var dialect = Dialect.Find(name.Text)
            ?? throw new StatementException(name.Position, $"unknown architecture {Printable.Quote(name.Text)}; known: {string.Join(", ", Dialect.All.Select(known => known.Architecture.Name))}");
        reader.ExpectEnd("the architecture");
        if (isFirst)
        {
            Begin(dialect);
            if (required is not null && required != dialect.Architecture)
            {
                throw new StatementException(name.Position, $"the machine of this scenario is for {required}, and this guest for {name.Text}: choose another guest, or another machine.board");
            }
        }
        else if (dialect != Dialect)
        {
            throw new StatementException(name.Position, $"this file is for {name.Text}, and the guest that it is a part of for {Dialect.Architecture}");
        }
    }

    private void Begin(Dialect dialect)
    {
        Dialect = dialect;
        symbols.Registers = dialect.Registers;
        Text = TextOf(dialect);
        Shared = SharedOf(dialect);
        PerCpu = PerCpuOf(dialect);
    }

    private static TextLayout TextOf(Dialect dialect) => new(dialect.Layout.TextBase);

    private static DataLayout SharedOf(Dialect dialect)
    {
        var layout = dialect.Layout;
        var large = layout.LargeBase == layout.SharedBase ? null : new DataLayout(".shared", (long)layout.LargeBase, (int)(layout.PerCpuBase - layout.LargeBase));
        return new(".shared", (long)layout.SharedBase, AssemblyLimits.SharedBytes, large);
    }

    private static DataLayout PerCpuOf(Dialect dialect) => new(".percpu", 0, AssemblyLimits.PerCpuBytes, hasTables: dialect.Layout.HasPerCpuTables);

    private void Constant(SourceLine line, TokenReader reader, SymbolKind kind)
    {
        var name = reader.ExpectName("a name");
        if (name.Text[0] == '.')
        {
            throw new StatementException(name.Position, "names of constants and parameters do not start with a point");
        }

        var value = new Value(0, ValueTaints.Invalid);
        try
        {
            reader.Expect("=", "after the name");
            value = evaluator.Evaluate(ExpressionParser.Parse(reader, Scope));
            reader.ExpectEnd("the value");
            if (kind == SymbolKind.Parameter && parameters.Declare(name.Text, name.Position, Dialect.Registers) is { } given)
            {
                value = new(given, ValueTaints.None);
            }
        }
        catch (StatementException)
        {
            value = new(0, ValueTaints.Invalid);
            throw;
        }
        finally
        {
            // Defined in any case, so that one mistake is not reported again at each use.
            symbols.Define(name.Text, value.IsInvalid ? SymbolKind.Invalid : kind, value.Number, line, name.Position);
        }
    }

    private void Data(SourceLine line, TokenReader reader, SymbolKind kind, DataLayout layout)
    {
        var name = reader.ExpectName("a name");
        if (name.Text[0] == '.')
        {
            throw new StatementException(name.Position, "names of data do not start with a point");
        }

        var valid = false;
        long address = 0;
        try
        {
            reader.Expect(",", "and a size, or a width and values, after the name");
            address = layout.Reserve(reader, Scope, evaluator);
            valid = true;
        }
        finally
        {
            symbols.Define(name.Text, valid ? kind : SymbolKind.Invalid, address, line, name.Position);
        }
    }

    private void SetEntry(SourceLine line, TokenReader reader, Token word)
    {
        if (Entry is { } known)
        {
            throw new StatementException(word.Position, $"the entry point is already set at {known.Line.File.Path}:{known.Line.Number}");
        }

        var position = reader.Peek.Position;
        Entry = (line, ExpressionParser.Parse(reader, Scope), position);
        reader.ExpectEnd("the entry point");
    }

    private void Origin(SourceLine line, TokenReader reader)
    {
        var position = reader.Peek.Position;
        var value = evaluator.Evaluate(ExpressionParser.Parse(reader, Scope));
        reader.ExpectEnd("the address");
        if (!value.IsInvalid)
        {
            Text.AdvanceTo((ulong)value.Number, line, position);
        }
    }

    private void Align(SourceLine line, TokenReader reader)
    {
        var position = reader.Peek.Position;
        var value = evaluator.Evaluate(ExpressionParser.Parse(reader, Scope));
        reader.ExpectEnd("the alignment");
        var alignment = (ulong)value.Number;
        const ulong Greatest = AssemblyLimits.Instructions * (ulong)GuestProgram.InstructionBytes;
        if (value.IsInvalid)
        {
            return;
        }

        if (alignment is 0 or > Greatest || !ulong.IsPow2(alignment))
        {
            throw new StatementException(position, $"the alignment {value.Number} is no power of two from 1 to {Greatest}");
        }

        Text.AdvanceTo((Text.Address + alignment - 1) & ~(alignment - 1), line, position);
    }

    private void Instruction(SourceLine line, TokenReader reader, Token word, IEnumerable<string> macros)
    {
        if (word.Text[0] == '.')
        {
            var hint = NearestName.Hint(word.Text, OwnDirectives.Concat(Preprocessor.Directives));
            throw new StatementException(word.Position, $"unknown directive {Printable.Quote(word.Text)}{hint}");
        }

        try
        {
            var form = Dialect.Instructions.Find(word.Text)
                ?? throw new StatementException(word.Position, Dialect.Instructions.Explain(word.Text, macros));
            Text.Add(new(line, word.Position, form, OperandParser.ParseAll(reader, Scope)));
        }
        catch (StatementException)
        {
            // It keeps its place: a label in front of it must not come to point behind the text.
            Text.AddPlaceholder(line);
            throw;
        }
    }
}
