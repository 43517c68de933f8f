namespace Trapline.Devices.LoongArch.Ipi;

/// <summary>
/// What is left after a write to an IPI unit: nothing, or a write to a SEND register that its caller must carry to the
/// target, because a unit reaches no other CPU itself. The default value is "nothing".
/// </summary>
/// <param name="Register">Offset of the SEND register that was written; meaningless in the default value.</param>
/// <param name="Value">What was written; the fields below are read from it.</param>
public readonly record struct IpiOutcome(int Register, ulong Value)
{
    private const int MailboxHalves = 8;

    public IpiOutcomeKind Kind => Register switch
    {
        IpiRegisters.IpiSend => IpiOutcomeKind.SetStatus,
        IpiRegisters.MailSend or IpiRegisters.AnySend => IpiOutcomeKind.MaskedWrite,
        _ => IpiOutcomeKind.Done,
    };

    /// <summary>Physical CPU id of the target, 0 to 1023; the id may belong to no CPU.</summary>
    public int CpuId => (int)(Value >> 16) & 0x3FF;

    /// <summary>The bit to set in STATUS. The field of IPI_SEND is a vector number, not a mask.</summary>
    public uint Mask => 1u << (int)(Value & 31);

    /// <summary>IOCSR address of the 32-bit write: MAIL_SEND names half a mailbox, ANY_SEND any 16-bit address.</summary>
    public uint Address => Register == IpiRegisters.MailSend
        ? (uint)(IpiRegisters.Base + IpiRegisters.Mailbox0) + ((uint)(Value >> 2) % MailboxHalves * sizeof(uint))
        : (uint)Value & 0xFFFF;

    /// <summary>Bit i set: byte i of the old value is kept.</summary>
    public int KeepBytes => (int)(Value >> 27) & 0xF;

    public uint Data => (uint)(Value >> 32);

    /// <summary>
    /// True where the write is an access on the target's IOCSR bus, with all that an access causes. MAIL_SEND is none:
    /// since Linux 6.18 it writes the target's mailbox directly.
    /// </summary>
    public bool IsBusAccess => Register == IpiRegisters.AnySend;
}
