using Trapline.Messages;

namespace Trapline.Actors.Devices;

/// <summary>
/// Word 1 of an access: the width in bits 7:0; in bits 31:16 the vCPU on whose behalf it is made, plus 1, where it comes
/// from a thread of the VMM and not from the vCPU itself.
/// </summary>
public static class RegisterAccess
{
    private const int VcpuShift = 16;

    /// <summary>Bytes: 1, 2, 4 or 8.</summary>
    public static int Width(in Message access) => (byte)access.Word1;

    /// <summary>Word 1 of an access that the VMM makes for a vCPU.</summary>
    public static ulong OnBehalfOf(int vcpu, int width) => (byte)width | ((ulong)(vcpu + 1) << VcpuShift);

    /// <summary>Index of the vCPU whose access it is; the first where it is nobody's: shared registers are the same for every CPU.</summary>
    public static int Vcpu(in Message access) =>
        access.Source.Role == ActorRole.Vcpu ? access.Source.Index : Math.Max(0, (int)((access.Word1 >> VcpuShift) & 0xFFFF) - 1);

    /// <summary>Who makes it: the vCPU, also through the VMM; a device that reaches into another is itself.</summary>
    public static ActorAddress Requester(in Message access) =>
        (access.Word1 >> VcpuShift & 0xFFFF) == 0 ? access.Source : new ActorAddress(access.Source.Machine, ActorRole.Vcpu, Vcpu(in access));
}
