namespace Trapline.Devices.Arm.Its;

/// <summary>A collection table entry of QEMU's: valid in bit 0, the vCPU's number in 16:1.</summary>
internal readonly record struct TableCollection(ulong Entry)
{
    public bool IsValid => (Entry & 1) != 0;

    public int Target => (ushort)(Entry >> 1);

    public static ulong Of(ushort target) => 1 | ((ulong)target << 1);
}
