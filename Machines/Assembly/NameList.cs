namespace Trapline.Machines.Assembly;

/// <summary>Numbers names in the order of their first appearance.</summary>
internal sealed class NameList(string what)
{
    private readonly List<string> _names = [];
    private readonly Dictionary<string, ushort> _indices = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Names => _names;

    public ushort IndexOf(string name, int position)
    {
        if (_indices.TryGetValue(name, out var index))
        {
            return index;
        }

        if (_names.Count == AssemblyLimits.Names)
        {
            throw new StatementException(position, $"a guest has at most {AssemblyLimits.Names} different {what}");
        }

        index = (ushort)_names.Count;
        _names.Add(name);
        _indices.Add(name, index);
        return index;
    }
}
