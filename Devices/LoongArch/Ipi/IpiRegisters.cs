namespace Trapline.Devices.LoongArch.Ipi;

/// <summary>
/// The registers of the IPI unit in the IOCSR space: base address and offsets from it (Loongson 3A5000 manual, chapter on
/// inter-processor interrupts; Linux arch/loongarch/include/asm/kvm_ipi.h).
/// </summary>
public static class IpiRegisters
{
    public const ulong Base = 0x1000;

    /// <summary>First address after the unit, as Linux KVM registers it on its IOCSR bus.</summary>
    public const ulong End = 0x1160;

    /// <summary>KVM takes the offset as the low nine bits of the address.</summary>
    public const int OffsetMask = 0x1FF;

    public const int Status = 0x00;
    public const int Enable = 0x04;
    public const int Set = 0x08;
    public const int Clear = 0x0C;
    public const int Mailbox0 = 0x20;

    /// <summary>First offset after the four mailboxes of eight bytes.</summary>
    public const int MailboxEnd = 0x40;

    public const int IpiSend = 0x40;
    public const int MailSend = 0x48;
    public const int AnySend = 0x158;

    private static readonly string[] Names = BuildNames();

    /// <summary>
    /// The manual's name of the register at an offset; every byte of a mailbox has the mailbox's name. Offsets without a
    /// register are written <c>+0x1a0</c>. Allocates nothing.
    /// </summary>
    public static string NameOf(int offset) => Names[offset & OffsetMask];

    private static string[] BuildNames()
    {
        var names = new string[OffsetMask + 1];
        for (var offset = 0; offset < names.Length; offset++)
        {
            names[offset] = offset switch
            {
                Status => "STATUS",
                Enable => "EN",
                Set => "SET",
                Clear => "CLEAR",
                >= Mailbox0 and < MailboxEnd => $"MBUF{(offset - Mailbox0) / sizeof(ulong)}",
                IpiSend => "IPI_SEND",
                MailSend => "MAIL_SEND",
                AnySend => "ANY_SEND",
                _ => $"+0x{offset:x}",
            };
        }

        return names;
    }
}
