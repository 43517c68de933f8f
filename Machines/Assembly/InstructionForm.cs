using Trapline.Actors.Guests;

namespace Trapline.Machines.Assembly;

/// <summary>How one instruction is written and what it becomes.</summary>
/// <param name="Usage">As the manual shows it: mnemonic, then operands.</param>
/// <param name="Template">The fields that no operand fills, and what stands for omitted operands.</param>
/// <param name="Slots">In the order of the operands.</param>
/// <param name="Optional">How many of the last slots may be left out.</param>
internal sealed record InstructionForm(string Usage, Instruction Template, OperandSlot[] Slots, int Optional = 0)
{
    public string Mnemonic { get; } = Usage.Split(' ')[0];
}
