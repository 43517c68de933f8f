using System.Buffers;

namespace Trapline.Host.Commands;

/// <summary>A word of a command line as a person pastes it into a shell.</summary>
internal static class ShellWord
{
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:@%+,=-");

    public static string Quote(string word) => word.Length > 0 && !word.AsSpan().ContainsAnyExcept(Plain) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
