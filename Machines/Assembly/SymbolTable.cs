namespace Trapline.Machines.Assembly;

/// <summary>All names of a guest: one name space for labels, data, constants and parameters.</summary>
internal sealed class SymbolTable
{
    private readonly Dictionary<string, Symbol> _byName = new(StringComparer.Ordinal);
    private readonly List<Symbol> _inOrder = [];

    /// <summary>Names that cannot be defined.</summary>
    public RegisterNames Registers { get; set; } = RegisterNames.LoongArch;

    public IEnumerable<string> Names => _inOrder.Select(symbol => symbol.Name);

    public Symbol? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Local labels, which start with a point, belong to the last global one.</summary>
    public static string FullName(string name, string scope, int position)
    {
        if (name[0] != '.')
        {
            return name;
        }

        return scope.Length > 0 ? scope + name : throw new StatementException(position, $"the local label {Printable.Quote(name)} needs a label without a point before it");
    }

    /// <exception cref="ArgumentException">The name is taken; the caller has to choose another.</exception>
    public void Predefine(string name, long value)
    {
        if (_byName.ContainsKey(name) || RegisterNames.IsAnywhere(name))
        {
            throw new ArgumentException($"'{name}' cannot be defined for guests: it is a register or already a constant; choose another name", nameof(name));
        }

        Add(new(name, SymbolKind.Predefined, value, null));
    }

    public void Define(string name, SymbolKind kind, long value, SourceLine line, int position)
    {
        if (Registers.TryGet(name, out _))
        {
            throw new StatementException(position, $"'{name}' is a register and cannot be defined");
        }

        if (DataLayout.IsWidth(name))
        {
            throw new StatementException(position, $"'{name}' is a word of .shared and .percpu and cannot be defined");
        }

        if (_byName.TryGetValue(name, out var known))
        {
            var where = known.Line is null ? "is predefined" : $"is already defined at {known.Line.File.Path}:{known.Line.Number}";
            throw new StatementException(position, $"{Printable.Quote(name)} {where}");
        }

        Add(new(name, kind, value, line));
    }

    /// <summary>Addresses of labels and data.</summary>
    public SortedDictionary<string, ulong> Addresses()
    {
        var addresses = new SortedDictionary<string, ulong>(StringComparer.Ordinal);
        foreach (var symbol in _inOrder)
        {
            if (symbol.Kind is SymbolKind.Label or SymbolKind.Shared or SymbolKind.PerCpu)
            {
                addresses.Add(symbol.Name, (ulong)symbol.Value);
            }
        }

        return addresses;
    }

    private void Add(Symbol symbol)
    {
        _byName.Add(symbol.Name, symbol);
        _inOrder.Add(symbol);
    }
}
