using Trapline.Actors.Guests;

namespace Trapline.Machines.Assembly;

/// <summary>The guest language as one architecture has it.</summary>
internal sealed class Dialect
{
    public static readonly Dialect LoongArch = new(
        GuestArchitecture.LoongArch, RegisterNames.LoongArch, [.. CommonInstructions.All(GuestArchitecture.LoongArch), .. LoongArchInstructions.All()], LoongArchInstructions.Foreign);

    public static readonly Dialect Arm = new(
        GuestArchitecture.Arm, RegisterNames.Arm, [.. CommonInstructions.All(GuestArchitecture.Arm), .. ArmInstructions.All()], ArmInstructions.Foreign);

    private Dialect(GuestArchitecture architecture, RegisterNames registers, IEnumerable<InstructionForm> forms, ForeignWord[] foreign)
    {
        Architecture = architecture;
        Registers = registers;
        Instructions = new(architecture.Name, forms, foreign);
    }

    public static IReadOnlyList<Dialect> All { get; } = [LoongArch, Arm];

    public GuestArchitecture Architecture { get; }

    public GuestLayout Layout => Architecture.Layout;

    public RegisterNames Registers { get; }

    public InstructionTable Instructions { get; }

    public static Dialect? Find(string name) => All.FirstOrDefault(dialect => dialect.Architecture.Name == name);
}
