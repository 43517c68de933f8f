namespace Trapline.Machines.Assembly;

/// <summary>A word that another architecture has where this one has something else.</summary>
/// <param name="Word">The mnemonic, or all before its first point.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="Instead">What stands for it here.</param>
internal sealed record ForeignWord(string Word, string Owner, string Instead);
