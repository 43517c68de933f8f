namespace Trapline.Machines.Assembly;

/// <summary>An instruction that has its address and waits for the symbols of its operands.</summary>
/// <remarks>
/// <c>Position</c>: Index of the mnemonic in the line.
/// </remarks>
internal sealed record PendingInstruction(SourceLine Line, int Position, InstructionForm Form, Operand[] Operands);
