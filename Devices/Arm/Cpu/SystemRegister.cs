namespace Trapline.Devices.Arm.Cpu;

/// <summary>
/// Encodings of the system registers that exist here: op0 in bits 15:14, op1 in 13:11, CRn in 10:7, CRm in 6:3, op2 in 2:0, as in KVM's ids.
/// Those of the CPU interface are <see cref="IccRegister"/>.
/// </summary>
public static class SystemRegister
{
    public const ushort MidrEl1 = 0xC000;
    public const ushort MpidrEl1 = 0xC005;
    public const ushort SctlrEl1 = 0xC080;
    public const ushort CpacrEl1 = 0xC082;
    public const ushort Ttbr0El1 = 0xC100;
    public const ushort Ttbr1El1 = 0xC101;
    public const ushort TcrEl1 = 0xC102;
    public const ushort SpsrEl1 = 0xC200;
    public const ushort ElrEl1 = 0xC201;
    public const ushort SpEl0 = 0xC208;
    public const ushort CurrentEl = 0xC212;
    public const ushort EsrEl1 = 0xC290;
    public const ushort FarEl1 = 0xC300;
    public const ushort MairEl1 = 0xC510;
    public const ushort VbarEl1 = 0xC600;
    public const ushort IsrEl1 = 0xC608;
    public const ushort ContextidrEl1 = 0xC681;
    public const ushort TpidrEl1 = 0xC684;
    public const ushort CntkctlEl1 = 0xC708;

    /// <summary>
    /// Of this simulator, where the architecture leaves op0 3, CRn 15 to implementations: the rest, in picoseconds, of the <c>work</c>
    /// instruction that an exception broke off. A handler that lets itself be interrupted saves it as it saves ELR and SPSR.
    /// </summary>
    public const ushort WorkEl1 = 0xC7F8;

    public const ushort Daif = 0xDA11;
    public const ushort TpidrEl0 = 0xDE82;
    public const ushort TpidrroEl0 = 0xDE83;
    public const ushort CntfrqEl0 = 0xDF00;
    public const ushort CntpctEl0 = 0xDF01;
    public const ushort CntvctEl0 = 0xDF02;
    public const ushort CntpTvalEl0 = 0xDF10;
    public const ushort CntpCtlEl0 = 0xDF11;
    public const ushort CntpCvalEl0 = 0xDF12;
    public const ushort CntvTvalEl0 = 0xDF18;
    public const ushort CntvCtlEl0 = 0xDF19;
    public const ushort CntvCvalEl0 = 0xDF1A;

    private const int Op0Shift = 14;
    private const int Op1Shift = 11;
    private const int CrnShift = 7;
    private const int CrmShift = 3;

    /// <summary>The encoding of what an instruction names: S&lt;op0&gt;_&lt;op1&gt;_C&lt;crn&gt;_C&lt;crm&gt;_&lt;op2&gt;.</summary>
    public static ushort Encode(int op0, int op1, int crn, int crm, int op2) =>
        (ushort)((op0 << Op0Shift) | (op1 << Op1Shift) | (crn << CrnShift) | (crm << CrmShift) | op2);

    /// <summary>The generic name of an encoding: <c>S3_0_C12_C8_0</c>.</summary>
    public static string GenericName(ushort encoding) =>
        $"S{encoding >> Op0Shift}_{(encoding >> Op1Shift) & 7}_C{(encoding >> CrnShift) & 0xF}_C{(encoding >> CrmShift) & 0xF}_{encoding & 7}";

    /// <summary>Whether a register is of the CPU interface.</summary>
    public static bool IsCpuInterface(ushort encoding) => Enum.IsDefined((IccRegister)encoding) && encoding != 0;

    /// <summary>Whether a register is of the generic timer.</summary>
    public static bool IsTimer(ushort encoding) =>
        encoding is CntkctlEl1 or (>= CntfrqEl0 and <= CntvctEl0) or (>= CntpTvalEl0 and <= CntpCvalEl0) or (>= CntvTvalEl0 and <= CntvCvalEl0);

    /// <summary>Whether EL0 may name it: op1 is 3. EL0's timers are open here as CNTKCTL_EL1 says (<see cref="Timer.GenericTimer"/>); DAIF is not.</summary>
    public static bool IsOfUser(ushort encoding) => ((encoding >> Op1Shift) & 7) == 3 && encoding != Daif;
}
