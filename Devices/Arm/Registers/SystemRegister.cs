namespace Trapline.Devices.Arm.Registers;

/// <summary>
/// Encodings of the system registers that exist here: op0 in bits 15:14, op1 in 13:11, CRn in 10:7, CRm in 6:3, op2 in 2:0, as
/// <c>KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS</c> and KVM's one-regs have them.
/// </summary>
public static class SystemRegister
{
    // --- identification and control
    public const int Midr = 0xC000;
    public const int Mpidr = 0xC005;
    public const int Sctlr = 0xC080;
    public const int CurrentEl = 0xC212;

    // --- exceptions
    public const int Spsr = 0xC200;
    public const int Elr = 0xC201;
    public const int SpEl0 = 0xC208;
    public const int SpSel = 0xC210;
    public const int Daif = 0xDA11;
    public const int Esr = 0xC290;
    public const int Far = 0xC300;
    public const int Vbar = 0xC600;
    public const int Isr = 0xC608;

    // --- software's own
    public const int TpidrEl1 = 0xC684;
    public const int TpidrEl0 = 0xDE82;
    public const int TpidrroEl0 = 0xDE83;

    // --- CPU interface of the GIC (spec gicv3-its 2.1)
    public const int IccPmr = 0xC230;
    public const int IccIar0 = 0xC640;
    public const int IccEoir0 = 0xC641;
    public const int IccHppir0 = 0xC642;
    public const int IccBpr0 = 0xC643;
    public const int IccAp0R0 = 0xC644;
    public const int IccAp1R0 = 0xC648;
    public const int IccDir = 0xC659;
    public const int IccRpr = 0xC65B;
    public const int IccSgi1R = 0xC65D;
    public const int IccAsgi1R = 0xC65E;
    public const int IccSgi0R = 0xC65F;
    public const int IccIar1 = 0xC660;
    public const int IccEoir1 = 0xC661;
    public const int IccHppir1 = 0xC662;
    public const int IccBpr1 = 0xC663;
    public const int IccCtlr = 0xC664;
    public const int IccSre = 0xC665;
    public const int IccIgrpEn0 = 0xC666;
    public const int IccIgrpEn1 = 0xC667;

    // --- generic timer
    public const int CntKctl = 0xC708;
    public const int CntFrq = 0xDF00;
    public const int CntPct = 0xDF01;
    public const int CntVct = 0xDF02;
    public const int CntpTval = 0xDF10;
    public const int CntpCtl = 0xDF11;
    public const int CntpCval = 0xDF12;
    public const int CntvTval = 0xDF18;
    public const int CntvCtl = 0xDF19;
    public const int CntvCval = 0xDF1A;

    /// <summary>Of the simulator, S3_0_C15_C0_0 in the space of the implementer: what is left of a <c>work</c> that an interrupt interrupted, ps.</summary>
    public const int Work = 0xC780;

    /// <summary>One above the greatest encoding.</summary>
    public const int End = 0x1_0000;

    private const int Op0Shift = 14;
    private const int Op1Shift = 11;
    private const int CrnShift = 7;
    private const int CrmShift = 3;

    /// <summary>The encoding of a register by the fields of <c>MRS</c> and <c>MSR</c>.</summary>
    public static int Encode(int op0, int op1, int crn, int crm, int op2) => (op0 << Op0Shift) | (op1 << Op1Shift) | (crn << CrnShift) | (crm << CrmShift) | op2;

    /// <summary>The generic name of an encoding: <c>S3_0_C12_C8_0</c>.</summary>
    public static string GenericName(int encoding) =>
        $"S{encoding >> Op0Shift}_{(encoding >> Op1Shift) & 7}_C{(encoding >> CrnShift) & 0xF}_C{(encoding >> CrmShift) & 0xF}_{encoding & 7}";
}
