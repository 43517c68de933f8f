using System.Text;
using Trapline.Machines.Text;

namespace Trapline.Cluster.Coordination.Sql;

/// <summary>What is given is held against <see cref="CoordinationLimits"/> before anything is written.</summary>
internal static class CoordinationChecks
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void Name(string name)
    {
        if (name.Length is 0 or > CoordinationLimits.NameLength || !name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.'))
        {
            throw Wrong($"{Quoted.Show(name)} is no name of a node: it has 1 to {CoordinationLimits.NameLength} letters, digits, '-', '_' or '.'");
        }
    }

    /// <param name="what">It is called in a message.</param>
    /// <param name="text">Any that both databases take: Unicode, without the character 0.</param>
    /// <param name="most">Characters.</param>
    public static void Text(string what, string text, int most = CoordinationLimits.TextLength)
    {
        if (text.Length > most)
        {
            throw Wrong($"the {what} has {text.Length} characters; at most {most} are allowed");
        }

        try
        {
            Strict.GetByteCount(text);
        }
        catch (EncoderFallbackException)
        {
            throw Wrong($"the {what} is no Unicode text");
        }

        if (text.Contains('\0'))
        {
            throw Wrong($"the {what} has a character 0");
        }
    }

    public static void Bytes(string what, byte[] content, int most)
    {
        if (content.Length > most)
        {
            throw Wrong($"the {what} has {content.Length} bytes; at most {most} are allowed");
        }
    }

    public static long Milliseconds(TimeSpan lease) => lease >= TimeSpan.FromMilliseconds(1) && lease <= CoordinationLimits.LongestLease
        ? (long)lease.TotalMilliseconds
        : throw Wrong($"a lease of {lease} is none; from a millisecond to {CoordinationLimits.LongestLease} are allowed");

    public static CoordinationException Wrong(string problem) => new(CoordinationFailure.Usage, problem);
}
