namespace Trapline.Devices.Arm.Vm;

/// <summary>What becomes of a call on an attribute: it is answered, or somebody else's to answer.</summary>
/// <param name="Result">0 or a negative errno; then nobody else is asked.</param>
/// <param name="Value">What is read, where the VM answers.</param>
/// <param name="Target">Who goes on where the result is 0.</param>
/// <param name="Vcpu">Its id, where it is a vCPU.</param>
public readonly record struct AttributeRoute(int Result, ulong Value = 0, AttributeTarget Target = AttributeTarget.Vm, int Vcpu = -1)
{
    public static AttributeRoute ToBoard => new(0, 0, AttributeTarget.Board);

    public static AttributeRoute ToVcpu(int vcpu) => new(0, 0, AttributeTarget.Vcpu, vcpu);
}
