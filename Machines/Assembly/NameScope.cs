namespace Trapline.Machines.Assembly;

/// <summary>How names of a line are read.</summary>
/// <param name="Label">The last label without a point, to which local ones belong; empty before the first.</param>
/// <param name="Registers">Names that are registers.</param>
internal readonly record struct NameScope(string Label, RegisterNames Registers);
