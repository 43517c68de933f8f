namespace Trapline.Devices.LoongArch.Paravirt;

/// <summary>
/// The instruction words that KVM reads from CSR.BADI to learn what trapped (LoongArch reference manual, volume 1, appendix B).
/// </summary>
public static class TrappedInstruction
{
    private const uint ConfigurationOpcode = 0x1B;
    private const int ConfigurationShift = 10;
    private const int SourceShift = 5;
    private const uint RegisterMask = 0x1F;
    private const uint HypercallBase = 0x57u << HypercallShift;
    private const int HypercallShift = 15;
    private const uint CodeMask = (1u << HypercallShift) - 1;

    /// <summary><c>cpucfg rd, rj</c>.</summary>
    public static uint OfConfiguration(int rd, int rj) =>
        (ConfigurationOpcode << ConfigurationShift) | (((uint)rj & RegisterMask) << SourceShift) | ((uint)rd & RegisterMask);

    /// <summary>
    /// Whether a word whose upper eight bits sent it to the emulation of CPUCFG is one: 22 bits make the opcode.
    /// </summary>
    public static bool IsConfiguration(uint word) => word >> ConfigurationShift == ConfigurationOpcode;

    /// <summary><c>hvcl code</c>.</summary>
    public static uint OfHypercall(int code) => HypercallBase | ((uint)code & CodeMask);

    /// <summary>The immediate of <c>hvcl</c>.</summary>
    public static int CodeOf(uint word) => (int)(word & CodeMask);
}
