namespace Trapline.Machines.Assembly;

/// <summary>
/// Abandons the statement at hand; the assembler reports it and goes on with the next line. Never leaves the assembler.
/// </summary>
internal sealed class StatementException(int position, string message) : Exception(message)
{
    /// <summary>Index into the line's text, from 0.</summary>
    public int Position { get; } = position;
}
