namespace Trapline.Devices.LoongArch.Eiointc;

/// <summary>
/// How LOAD_FINISHED finds out which restored vectors hold a line up, so that the line drops with the last of them and not
/// before.
/// </summary>
public enum EiointcLoad : byte
{
    /// <summary>Those that are pending at any CPU.</summary>
    PendingHoldsLines,

    /// <summary>
    /// As KVM does: those pending at the CPU whose id is the raw COREMAP byte. The byte is a bitmap unless the guest chose
    /// otherwise, so the wrong CPU is asked, and a line drops too early.
    /// </summary>
    RawByteIsCpuId,
}
