using Trapline.Machines.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Trapline.Machines.Yaml;

/// <summary>
/// Builds the tree of one document from the parser's events, within <see cref="YamlLimits"/>. Anchors, aliases and tags
/// are refused: with them a short text can stand for an endless tree, or for a foreign type.
/// </summary>
public sealed class YamlTree
{
    private readonly Parser _parser;
    private readonly string _what;
    private readonly ErrorList _errors;
    private TextPosition _reached = new(1, 1);
    private int _nodes;

    private YamlTree(string text, string what, ErrorList errors)
    {
        _parser = new(new StringReader(text));
        _what = what;
        _errors = errors;
    }

    /// <summary>The root; null after an error that leaves no tree to check. Other errors are collected and the tree goes on.</summary>
    public static YamlNode? Parse(string text, string what, ErrorList errors)
    {
        try
        {
            return new YamlTree(text, what, errors).ReadDocument();
        }
        catch (YamlException exception)
        {
            errors.Add(Inside(text, PositionOf(exception.Start)), $"this is not valid YAML: {Describe(exception)}");
        }
        catch (RefusedException exception)
        {
            errors.Add(exception.Position, exception.Message);
        }

        return null;
    }

    /// <summary>
    /// On to the next event. YamlDotNet 16.3 answers some malformed texts with InvalidOperationException, or by ending in
    /// the middle of a collection, and not with its own YamlException.
    /// </summary>
    private bool Advance()
    {
        try
        {
            var more = _parser.MoveNext();
            _reached = _parser.Current is { } current ? PositionOf(current.End) : _reached;
            return more;
        }
        catch (InvalidOperationException)
        {
            throw Malformed();
        }
    }

    private RefusedException Malformed() => new(_reached, "this is not valid YAML; check indentation, quotes and brackets here");

    private YamlNode? ReadDocument()
    {
        Advance();
        Advance();
        if (_parser.Current is not DocumentStart)
        {
            _errors.Add(new(1, 1), $"the file is empty; a {_what} is a mapping of keys to values");
            return null;
        }

        Advance();
        var root = ReadNode(1);
        Advance();
        if (Advance() && _parser.Current is DocumentStart second)
        {
            _errors.Add(PositionOf(second.Start), $"a second document starts here; a file holds one {_what}");
        }

        return root;
    }

    /// <summary>Reads the node whose first event is current; leaves its last event current.</summary>
    private YamlNode ReadNode(int depth)
    {
        var first = _parser.Current ?? throw Malformed();
        var position = PositionOf(first.Start);
        if (depth > YamlLimits.Depth)
        {
            throw new RefusedException(position, $"nested deeper than {YamlLimits.Depth} levels; no key of a {_what} goes that deep");
        }

        if (++_nodes > YamlLimits.Nodes)
        {
            throw new RefusedException(position, $"more than {YamlLimits.Nodes} values; this is not a {_what}");
        }

        if (first is NodeEvent { Anchor.IsEmpty: false })
        {
            _errors.Add(position, "anchors (&name) are not supported; write the value where it is used");
        }

        if (first is NodeEvent { Tag.IsEmpty: false })
        {
            _errors.Add(position, "tags (!name) are not supported; write the value without one");
        }

        return first switch
        {
            Scalar scalar => ReadScalar(scalar, position),
            SequenceStart => ReadSequence(position, depth),
            MappingStart => ReadMapping(position, depth),
            AnchorAlias => RefuseAlias(position),
            _ => throw Malformed(),
        };
    }

    private RefusedNode RefuseAlias(TextPosition position)
    {
        _errors.Add(position, "aliases (*name) are not supported; write the value out");
        return new(position);
    }

    private static ScalarNode ReadScalar(Scalar scalar, TextPosition position)
    {
        var plain = scalar.Style == ScalarStyle.Plain;
        var quote = plain ? 0 : 1;
        var verbatim = scalar.Style is ScalarStyle.Plain or ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted
            && scalar.Start.Line == scalar.End.Line
            && scalar.End.Column - scalar.Start.Column == scalar.Value.Length + (2 * quote);
        return new(position, scalar.Value, plain, verbatim ? position.Column + quote : 0);
    }

    private SequenceNode ReadSequence(TextPosition position, int depth)
    {
        var items = new List<YamlNode>();
        while (Advance() && _parser.Current is not SequenceEnd)
        {
            items.Add(ReadNode(depth + 1));
        }

        return new(position, items);
    }

    private MappingNode ReadMapping(TextPosition position, int depth)
    {
        var entries = new List<MappingEntry>();
        var seen = new Dictionary<string, TextPosition>();
        while (Advance() && _parser.Current is not MappingEnd)
        {
            var key = ReadNode(depth + 1);
            Advance();
            var value = ReadNode(depth + 1);
            if (key is not ScalarNode name)
            {
                _errors.Add(key.Position, $"a key must be a word, not {key.Kind}");
            }
            else if (seen.TryGetValue(name.Text, out var earlier))
            {
                _errors.Add(name.Position, $"the key {Quoted.Show(name.Text)} is given twice; the first is in line {earlier.Line}; remove one");
            }
            else
            {
                seen.Add(name.Text, name.Position);
                entries.Add(new(name, value));
            }
        }

        return new(position, entries);
    }

    private static TextPosition PositionOf(in Mark mark) => new((int)mark.Line, (int)mark.Column);

    /// <summary>The parser places what is missing at the end in a line after the last; an editor cannot go there.</summary>
    private static TextPosition Inside(string text, TextPosition position)
    {
        var last = 1 + text.AsSpan().Count('\n');
        return position.Line <= last ? position : new(last, text.Length - text.LastIndexOf('\n'));
    }

    private static string Describe(YamlException exception)
    {
        var text = exception.Message.TrimEnd('.');
        return text.Contains("tab", StringComparison.OrdinalIgnoreCase) ? text + "; indent with spaces" : text + "; check indentation, quotes and brackets here";
    }

    private sealed class RefusedException(TextPosition position, string message) : Exception(message)
    {
        public TextPosition Position { get; } = position;
    }
}
