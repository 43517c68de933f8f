namespace Trapline.Devices.LoongArch.Paravirt;

/// <summary>Which CPUs the second word of the bitmap of a paravirtual IPI names.</summary>
public enum SecondBitmap
{
    /// <summary>Those from the base + 64 on.</summary>
    Continues,

    /// <summary>
    /// Those of the first word again. The patch series up to version 5 forgot to advance the base; a VM with more than 64
    /// vCPUs lost multicasts to the upper half of the window and did not boot.
    /// </summary>
    Repeats,

    /// <summary>
    /// None, and the first word names none either: version 7 read the bitmap into the base and went through a bitmap that
    /// it had never set. What was in it is undefined; here it is empty.
    /// </summary>
    Unread,
}
