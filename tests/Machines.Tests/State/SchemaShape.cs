using System.Globalization;
using System.Text;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Machines.Tests.State;

/// <summary>The rows of a class, put together from many of its objects: lists that are empty in one have elements in another.</summary>
internal sealed class SchemaShape
{
    private readonly List<(string Name, string Type, int? Length, bool Varies)> _rows = [];

    /// <summary>Takes over what is new, at its place in the order.</summary>
    public void Merge(IEnumerable<StateSchemaRow> rows)
    {
        var place = 0;
        var seen = new HashSet<string>();
        foreach (var row in rows)
        {
            var found = _rows.FindIndex(known => known.Name == row.Name);
            if (found < 0)
            {
                _rows.Insert(place, (row.Name, row.Type, row.Length, false));
            }
            else
            {
                Assert.Equal((row.Name, _rows[found].Type), (row.Name, row.Type));
                _rows[found] = _rows[found] with { Varies = _rows[found].Varies || _rows[found].Length != row.Length };
            }

            // Further elements of a list have been placed with the first.
            place = seen.Add(row.Name) ? (found < 0 ? place : found) + 1 : Math.Max(place, found + 1);
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var row in _rows)
        {
            var length = row.Length is null ? "" : row.Varies ? "[*]" : string.Create(CultureInfo.InvariantCulture, $"[{row.Length}]");
            text.Append(row.Name).Append(' ').Append(row.Type).Append(length).Append('\n');
        }

        return text.ToString();
    }
}
