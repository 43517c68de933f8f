using System.Text;

namespace Trapline.Cluster.Fabric;

/// <summary>
/// What all nodes of a run must agree on before it begins: named values, such as the digest of the scenario, the seed,
/// the window's length. Nodes that differ tell which of them differ, by name.
/// </summary>
public sealed class FabricConfiguration
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Sets one value. Neither name nor value may have a line break, nor the name an equals sign.</summary>
    public FabricConfiguration With(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        if (name.AsSpan().ContainsAny('\n', '=') || value.Contains('\n', StringComparison.Ordinal))
        {
            throw new ArgumentException($"A configuration value is one line, its name without '='; this is '{PrintableText.Of(name)}'.");
        }

        _values[name] = value;
        return this;
    }

    /// <summary>One line "name=value" each, by name.</summary>
    internal byte[] Encode() => StrictUtf8.GetBytes(string.Concat(_values.Select(pair => $"{pair.Key}={pair.Value}\n")));

    /// <summary>Null if the bytes are not what <see cref="Encode"/> writes.</summary>
    internal static FabricConfiguration? TryDecode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var configuration = new FabricConfiguration();
            var text = StrictUtf8.GetString(bytes);
            while (text.Length > 0)
            {
                var end = text.IndexOf('\n', StringComparison.Ordinal);
                var equals = text.IndexOf('=', StringComparison.Ordinal);
                if (equals <= 0 || equals > end || !configuration._values.TryAdd(text[..equals], text[(equals + 1)..end]))
                {
                    return null;
                }

                text = text[(end + 1)..];
            }

            return configuration;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Throws an error that names each value that differs between this node and the peer.</summary>
    internal void Require(int node, int peer, FabricConfiguration theirs)
    {
        var differences = new List<string>();
        foreach (var name in _values.Keys.Union(theirs._values.Keys).Order(StringComparer.Ordinal))
        {
            var mine = _values.GetValueOrDefault(name);
            var other = theirs._values.GetValueOrDefault(name);
            if (mine != other)
            {
                differences.Add($"{PrintableText.Of(name)} is {Show(mine)} here and {Show(other)} there");
            }
        }

        if (differences.Count > 0)
        {
            var shown = string.Join("; ", differences.Take(8)) + (differences.Count > 8 ? $"; and {differences.Count - 8} more" : "");
            throw new FabricException(
                FabricFailure.Mismatch,
                $"Node {node} and node {peer} do not run the same thing: {shown}. Start both with the same build, scenario and options.");
        }
    }

    private static string Show(string? value) => value is null ? "not set" : $"'{PrintableText.Of(value)}'";
}
