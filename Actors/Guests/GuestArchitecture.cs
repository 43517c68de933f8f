namespace Trapline.Actors.Guests;

/// <summary>
/// What the guest language takes from the architecture: where memory lies, and how its registers are numbered. Register 0 reads 0 and
/// swallows writes on each.
/// </summary>
public sealed class GuestArchitecture
{
    /// <summary>r0 to r31, as the hardware numbers them.</summary>
    public static readonly GuestArchitecture LoongArch = new() { Name = "loongarch", Layout = GuestLayout.LoongArch, RegisterCount = 32, LinkRegister = 1, StackPointer = 3, VectorRegister = "EENTRY" };

    /// <summary>0 is <c>xzr</c>, x0 to x30 are 1 to 31, <c>sp</c> is 32: in instructions the hardware gives <c>xzr</c> and <c>sp</c> the same number.</summary>
    public static readonly GuestArchitecture Arm = new() { Name = "arm", Layout = GuestLayout.Arm, RegisterCount = 33, LinkRegister = 31, StackPointer = 32, VectorRegister = "VBAR_EL1" };

    private GuestArchitecture()
    {
    }

    /// <summary>All, in the order in which messages name them.</summary>
    public static IReadOnlyList<GuestArchitecture> All { get; } = [LoongArch, Arm];

    /// <summary>As <c>.arch</c> names it.</summary>
    public required string Name { get; init; }

    public required GuestLayout Layout { get; init; }

    /// <summary>General registers with register 0.</summary>
    public required int RegisterCount { get; init; }

    /// <summary>Where a call puts the return address.</summary>
    public required byte LinkRegister { get; init; }

    public required byte StackPointer { get; init; }

    /// <summary>Which register says where handlers are.</summary>
    public required string VectorRegister { get; init; }

    public override string ToString() => Name;
}
