using System.Numerics;
using Trapline.Actors.Guests;
using Trapline.Actors.Statistics;
using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Machines.Text;
using Trapline.Messages;

namespace Trapline.Machines.Assembly;

/// <summary>Second pass: fills the operands into the instruction, now that all symbols are known.</summary>
/// <param name="evaluator">Computes operands.</param>
/// <param name="dialect">Of the guest's architecture.</param>
/// <param name="textEnd">Behind its last instruction.</param>
internal sealed class Encoder(ExpressionEvaluator evaluator, Dialect dialect, ulong textEnd)
{
    private const int MaxCode = 0x7FFF;
    private const int MaxLongCode = 0xFFFF;
    private const int MaxMaskBits = 0xF;

    /// <summary>What <c>work</c> may take beside a duration: <c>cost.wakeUpPath</c>.</summary>
    private const string CostPrefix = "cost.";

    public NameList Counters { get; } = new("counters");

    public NameList Marks { get; } = new("marks");

    public NameList Assertions { get; } = new("assertion texts");

    public Instruction Encode(PendingInstruction pending)
    {
        var form = pending.Form;
        var operands = pending.Operands;
        if (operands.Length > form.Slots.Length || operands.Length < form.Slots.Length - form.Optional)
        {
            var at = operands.Length > form.Slots.Length ? operands[form.Slots.Length].Position : pending.Position;
            throw new StatementException(at, $"wrong number of operands; expected: {form.Usage}");
        }

        var instruction = form.Template;
        for (var i = 0; i < operands.Length; i++)
        {
            instruction = Fill(instruction, form, form.Slots[i], operands[i]);
        }

        // Without a text an assert refers to the empty one.
        return instruction.Opcode == Opcode.Assert && operands.Length < form.Slots.Length
            ? instruction with { Text = Assertions.IndexOf("", pending.Position) }
            : instruction;
    }

    /// <summary>An address that must be one of an instruction.</summary>
    public ulong CodeAddress(Expression expression, int position)
    {
        var value = evaluator.Evaluate(expression);
        var address = (ulong)value.Number;
        if (!value.IsInvalid && (address < dialect.Layout.TextBase || address >= textEnd || address % GuestProgram.InstructionBytes != 0))
        {
            throw new StatementException(position, $"expected a label; 0x{address:x} is no address of an instruction (those are 0x{dialect.Layout.TextBase:x} to 0x{textEnd - GuestProgram.InstructionBytes:x}, in steps of 4)");
        }

        return address;
    }

    private Instruction Fill(Instruction instruction, InstructionForm form, OperandSlot slot, Operand operand) => slot switch
    {
        OperandSlot.Rd => instruction with { Rd = Register(form, operand) },
        OperandSlot.Rs => instruction with { Rs = Register(form, operand) },
        OperandSlot.Rt => instruction with { Rt = Register(form, operand) },
        OperandSlot.CpuIndex => instruction with { Rs = Register(form, operand), UsesImmediate = false },
        OperandSlot.RtOrImmediate when operand.Syntax == OperandSyntax.Register =>
            instruction with { Rt = operand.Register, UsesImmediate = false, Immediate = 0 },
        OperandSlot.RtOrImmediate => instruction with { UsesImmediate = true, Immediate = Number(form, operand) },
        OperandSlot.Immediate or OperandSlot.AbsoluteAddress => instruction with { Immediate = Number(form, operand) },
        OperandSlot.Code => instruction with { Immediate = Code(form, operand, "the code", MaxCode) },
        OperandSlot.LongCode => instruction with { Immediate = Code(form, operand, "the code", MaxLongCode) },
        OperandSlot.MaskBits => instruction with { Immediate = Code(form, operand, "the mask", MaxMaskBits) },
        OperandSlot.SystemRegister => instruction with { Immediate = SystemRegisterOf(operand) },
        OperandSlot.PerCpuOffset => instruction with { Immediate = PerCpuOffset(form, operand) },
        OperandSlot.Address => Address(instruction, form, operand),
        OperandSlot.Target => instruction with { Immediate = Target(form, operand) },
        OperandSlot.CallTarget when operand.Syntax == OperandSyntax.Register =>
            instruction with { Opcode = Opcode.CallRegister, Rs = operand.Register },
        OperandSlot.CallTarget => instruction with { Immediate = Target(form, operand) },
        OperandSlot.Csr => instruction with { Immediate = CsrNumber(form, operand) },
        OperandSlot.Duration when operand.Syntax == OperandSyntax.Register => instruction with { Rs = operand.Register },
        OperandSlot.Duration when NamedCost(operand) is { } text => instruction with { UsesImmediate = true, Text = text },
        OperandSlot.Duration => instruction with { UsesImmediate = true, Immediate = Picoseconds(form, operand) },
        OperandSlot.MarkName => instruction with { Text = Marks.IndexOf(Name(form, operand), operand.Position) },
        OperandSlot.CounterName => instruction with { Text = Counters.IndexOf(Name(form, operand), operand.Position) },
        _ => instruction with { Text = Assertions.IndexOf(Text(form, operand), operand.Position) },
    };

    private static StatementException Wrong(InstructionForm form, Operand operand, string expected) =>
        new(operand.Position, $"expected {expected}, found {operand.Shown}; usage: {form.Usage}");

    private byte Register(InstructionForm form, Operand operand)
    {
        if (operand.Syntax == OperandSyntax.Register)
        {
            return operand.Register;
        }

        if (operand.Syntax == OperandSyntax.Expression && operand.Text.Length > 0)
        {
            var hint = NearestName.Hint(operand.Text, dialect.Registers.All);
            throw new StatementException(operand.Position, $"expected a register, found {operand.Shown}{hint}; usage: {form.Usage}");
        }

        throw Wrong(form, operand, "a register");
    }

    private Value Evaluate(InstructionForm form, Operand operand, string expected) =>
        operand is { Syntax: OperandSyntax.Expression, Expression: { } expression }
            ? evaluator.Evaluate(expression)
            : throw Wrong(form, operand, expected);

    private long Number(InstructionForm form, Operand operand)
    {
        var value = Evaluate(form, operand, "an expression");
        RefusePerCpu(value, operand);
        return value.Number;
    }

    private static void RefusePerCpu(Value value, Operand operand)
    {
        if (value.IsPerCpu)
        {
            throw new StatementException(operand.Position, "a .percpu symbol has an address of its own on each CPU: load it with 'la.percpu rd, symbol' (or 'la.percpu rd, symbol, rs' for the CPU whose index is in rs), then use [rd]");
        }
    }

    private long Code(InstructionForm form, Operand operand, string what, int most)
    {
        var value = Evaluate(form, operand, "a number");
        return value.IsInvalid || (value.Number >= 0 && value.Number <= most)
            ? value.Number
            : throw new StatementException(operand.Position, $"{what} {value.Number} does not fit in {BitOperations.PopCount((uint)most)} bits (0 to {most})");
    }

    private long PerCpuOffset(InstructionForm form, Operand operand)
    {
        var value = Evaluate(form, operand, "a .percpu symbol");
        if (value.IsAddress)
        {
            throw new StatementException(operand.Position, "this is a label or a .shared symbol, with one address for all CPUs: use 'la rd, symbol'");
        }

        return value.IsInvalid || value.Number is >= 0 and <= (long)GuestLayout.PerCpuStride
            ? value.Number
            : throw new StatementException(operand.Position, $"the offset {value.Number} is outside a per-CPU area (0 to {GuestLayout.PerCpuStride})");
    }

    private Instruction Address(Instruction instruction, InstructionForm form, Operand operand)
    {
        if (operand.Syntax != OperandSyntax.Address)
        {
            throw Wrong(form, operand, "an address in brackets, like [a0 + 8] or [symbol]");
        }

        if (operand.Expression is null)
        {
            return instruction with { Rs = operand.Register };
        }

        var value = evaluator.Evaluate(operand.Expression);
        RefusePerCpu(value, operand);
        return instruction with { Rs = operand.Register, Immediate = value.Number };
    }

    private long Target(InstructionForm form, Operand operand) =>
        operand is { Syntax: OperandSyntax.Expression, Expression: { } expression }
            ? (long)CodeAddress(expression, operand.Position)
            : throw Wrong(form, operand, "a label");

    private static long SystemRegisterOf(Operand operand)
    {
        if (operand.Syntax == OperandSyntax.Expression && SystemRegisterNames.TryParse(operand.Text, out var encoding))
        {
            return encoding;
        }

        var known = SystemRegisterNames.All;
        throw new StatementException(operand.Position, $"{operand.Shown} is no system register{NearestName.Hint(operand.Text, known)}; one without a name here is written S<op0>_<op1>_C<n>_C<m>_<op2>");
    }

    private long CsrNumber(InstructionForm form, Operand operand)
    {
        if (operand.Syntax == OperandSyntax.Expression && CsrNames.TryParse(operand.Text, out var number))
        {
            return number;
        }

        if (operand is { Syntax: OperandSyntax.Expression, Text.Length: > 0 } && !evaluator.IsDefined(operand.Expression!))
        {
            throw new StatementException(operand.Position, $"{operand.Shown} is no control and status register{NearestName.Hint(operand.Text, CsrNames.All)}");
        }

        var value = Evaluate(form, operand, "a control and status register");
        return value.IsInvalid || value.Number is >= 0 and <= Csr.MaxNumber
            ? value.Number
            : throw new StatementException(operand.Position, $"CSR number {value.Number} is not between 0 and 0x{Csr.MaxNumber:x}");
    }

    /// <summary>A cost of the profile, or one less another that it contains; null if the operand names none. Its price is the machine's to know.</summary>
    private static ushort? NamedCost(Operand operand)
    {
        if (operand is not { Syntax: OperandSyntax.Expression, Expression: { } expression })
        {
            return null;
        }

        if (IsCost(expression))
        {
            return WorkCost.Encode(CostOf(expression), null);
        }

        return expression is { Kind: ExpressionKind.Binary, Name: "-", Left: { } whole, Right: { } part } && IsCost(whole) && IsCost(part)
            ? WorkCost.Encode(CostOf(whole), CostOf(part))
            : null;
    }

    private static bool IsCost(Expression expression) =>
        expression.Kind == ExpressionKind.Symbol && expression.Name.StartsWith(CostPrefix, StringComparison.Ordinal);

    private static CostKind CostOf(Expression expression)
    {
        var name = expression.Name[CostPrefix.Length..];
        if (CostKinds.Find(name) is { } kind && CostKinds.IsCost(kind))
        {
            return kind;
        }

        var known = CostKinds.All.Where(CostKinds.IsCost).Select(CostKinds.NameOf);
        throw new StatementException(expression.Position, $"{Printable.Quote(name)} is no cost of a profile{NearestName.Hint(name, known)}");
    }

    private long Picoseconds(InstructionForm form, Operand operand)
    {
        var value = Evaluate(form, operand, "a duration, like 5us");
        RefusePerCpu(value, operand);
        if (value.Number is < 0 or > long.MaxValue / VirtualTime.PerNanosecond)
        {
            throw new StatementException(operand.Position, $"{value.Number} ns is no time that work can take (0 to {long.MaxValue / VirtualTime.PerSecond} s)");
        }

        return value.Number * VirtualTime.PerNanosecond;
    }

    private static string Name(InstructionForm form, Operand operand) =>
        operand is { Syntax: OperandSyntax.Expression, Text.Length: > 0 } && operand.Text[0] != '.'
            ? operand.Text
            : throw Wrong(form, operand, "a name");

    private static string Text(InstructionForm form, Operand operand) =>
        operand.Syntax == OperandSyntax.Text ? operand.Text : throw Wrong(form, operand, "a text in quotes");
}
