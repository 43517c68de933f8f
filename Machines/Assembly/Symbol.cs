namespace Trapline.Machines.Assembly;

/// <remarks>
/// <c>Value</c>: Number, address, or offset in the per-CPU areas.<br/>
/// <c>Line</c>: Null for predefined ones.<br/>
/// </remarks>
internal sealed record Symbol(string Name, SymbolKind Kind, long Value, SourceLine? Line);
