namespace Trapline.Devices.Arm.Vm;

/// <summary>The argument of KVM_IRQ_LINE on ARM (spec gicv3-its 1.7): type in bits 27:24, vCPU in 23:16 and above 255 in 31:28, number in 15:0.</summary>
/// <param name="Type">Which kind of line; another number is refused.</param>
/// <param name="Vcpu">Id, of a PPI.</param>
/// <param name="Number">INTID.</param>
public readonly record struct IrqLine(IrqLineType Type, int Vcpu, int Number)
{
    private const int HighVcpuShift = 28;
    private const int TypeShift = 24;
    private const int VcpuShift = 16;

    /// <summary>What user space passes.</summary>
    public uint Encoded =>
        ((uint)Type << TypeShift) | ((uint)(Vcpu & 0xFF) << VcpuShift) | ((uint)(Vcpu >> 8) << HighVcpuShift) | (ushort)Number;

    public static IrqLine Spi(int interruptId) => new(IrqLineType.Spi, 0, interruptId);

    public static IrqLine Ppi(int vcpu, int interruptId) => new(IrqLineType.Ppi, vcpu, interruptId);

    public static IrqLine Decode(uint line) =>
        new((IrqLineType)((line >> TypeShift) & 0xF), (int)((line >> VcpuShift) & 0xFF) + (256 * (int)(line >> HighVcpuShift)), (ushort)line);
}
