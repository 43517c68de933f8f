using System.Numerics;

namespace Trapline.Devices.Arm.Cpu;

/// <summary>
/// What a guest writes into ICC_SGI1R_EL1, ICC_ASGI1R_EL1 or ICC_SGI0R_EL1 (spec gicv3-its 2.6). The vCPU asks for one target after the
/// other and tells each; where it is among them is one number, which it can keep as a row.
/// </summary>
/// <param name="Value">As written. RS, bits 47:44, is ignored: nobody has an Aff0 over 15.</param>
public readonly record struct SgiRequest(ulong Value)
{
    private const int ListLength = 16;
    private const int Affinity1Shift = 16;
    private const int InterruptShift = 24;
    private const int Affinity2Shift = 32;
    private const int BroadcastBit = 40;
    private const int Affinity3Shift = 48;

    /// <summary>0 to 15.</summary>
    public int InterruptId => (int)(Value >> InterruptShift) & 0xF;

    /// <summary>IRM: all vCPUs but the one that writes.</summary>
    public bool IsBroadcast => (Value >> BroadcastBit & 1) != 0;

    /// <summary>Bit i: the vCPU whose Aff0 is i.</summary>
    public uint TargetList => (uint)Value & 0xFFFF;

    /// <summary>Aff2.Aff1.0 of the targets.</summary>
    public uint Affinity => ((uint)(Value >> Affinity2Shift) & 0xFF) << 16 | (((uint)Value >> Affinity1Shift) & 0xFF) << 8;

    /// <summary>
    /// The next target: of a broadcast in the order of indices, of a list in that of Aff0, as KVM goes through them; both are
    /// ascending ids where ids and indices are the same. Those that do not exist are passed over.
    /// </summary>
    /// <param name="vcpus">Of the machine.</param>
    /// <param name="sender">Index of the vCPU that writes.</param>
    /// <param name="position">0 for the first; afterwards what the last call has left there.</param>
    /// <param name="vcpu">Index of the target.</param>
    /// <param name="comparesIdWithIndex">Defect B23: a broadcast leaves out the vCPU whose index is the sender's id (Linux before 6.7).</param>
    /// <returns>False where there is none left.</returns>
    public bool TryNext(VcpuIds vcpus, int sender, ref int position, out int vcpu, bool comparesIdWithIndex = false)
    {
        ArgumentNullException.ThrowIfNull(vcpus);
        return IsBroadcast
            ? TryNextOfAll(vcpus, comparesIdWithIndex ? vcpus.IdOf(sender) : sender, ref position, out vcpu)
            : TryNextOfList(vcpus, ref position, out vcpu);
    }

    private static bool TryNextOfAll(VcpuIds vcpus, int leftOut, ref int position, out int vcpu)
    {
        if (position == leftOut)
        {
            position++;
        }

        vcpu = position;
        if ((uint)position >= (uint)vcpus.Count)
        {
            return false;
        }

        position++;
        return true;
    }

    private bool TryNextOfList(VcpuIds vcpus, ref int position, out int vcpu)
    {
        vcpu = VcpuIds.Absent;
        if (Value >> Affinity3Shift is var level3 && (level3 & 0xFF) != 0)
        {
            return false;
        }

        while ((uint)position < ListLength && TargetList >> position is var rest && rest != 0)
        {
            position += BitOperations.TrailingZeroCount(rest);
            vcpu = vcpus.IndexOfAffinity(Affinity | (uint)position);
            position++;
            if (vcpu != VcpuIds.Absent)
            {
                return true;
            }
        }

        return false;
    }
}
