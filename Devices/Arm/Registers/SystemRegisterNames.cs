using System.Globalization;

namespace Trapline.Devices.Arm.Registers;

/// <summary>Names of the system registers that exist here, as the manual spells them, and the generic form for all encodings.</summary>
public static class SystemRegisterNames
{
    private static readonly (string Name, int Encoding)[] Table =
    [
        ("MIDR_EL1", SystemRegister.Midr),
        ("MPIDR_EL1", SystemRegister.Mpidr),
        ("SCTLR_EL1", SystemRegister.Sctlr),
        ("CurrentEL", SystemRegister.CurrentEl),
        ("SPSR_EL1", SystemRegister.Spsr),
        ("ELR_EL1", SystemRegister.Elr),
        ("SP_EL0", SystemRegister.SpEl0),
        ("SPSel", SystemRegister.SpSel),
        ("DAIF", SystemRegister.Daif),
        ("ESR_EL1", SystemRegister.Esr),
        ("FAR_EL1", SystemRegister.Far),
        ("VBAR_EL1", SystemRegister.Vbar),
        ("ISR_EL1", SystemRegister.Isr),
        ("TPIDR_EL1", SystemRegister.TpidrEl1),
        ("TPIDR_EL0", SystemRegister.TpidrEl0),
        ("TPIDRRO_EL0", SystemRegister.TpidrroEl0),
        ("ICC_PMR_EL1", SystemRegister.IccPmr),
        ("ICC_IAR0_EL1", SystemRegister.IccIar0),
        ("ICC_EOIR0_EL1", SystemRegister.IccEoir0),
        ("ICC_HPPIR0_EL1", SystemRegister.IccHppir0),
        ("ICC_BPR0_EL1", SystemRegister.IccBpr0),
        ("ICC_AP0R0_EL1", SystemRegister.IccAp0R0),
        ("ICC_AP0R1_EL1", SystemRegister.IccAp0R0 + 1),
        ("ICC_AP0R2_EL1", SystemRegister.IccAp0R0 + 2),
        ("ICC_AP0R3_EL1", SystemRegister.IccAp0R0 + 3),
        ("ICC_AP1R0_EL1", SystemRegister.IccAp1R0),
        ("ICC_AP1R1_EL1", SystemRegister.IccAp1R0 + 1),
        ("ICC_AP1R2_EL1", SystemRegister.IccAp1R0 + 2),
        ("ICC_AP1R3_EL1", SystemRegister.IccAp1R0 + 3),
        ("ICC_DIR_EL1", SystemRegister.IccDir),
        ("ICC_RPR_EL1", SystemRegister.IccRpr),
        ("ICC_SGI1R_EL1", SystemRegister.IccSgi1R),
        ("ICC_ASGI1R_EL1", SystemRegister.IccAsgi1R),
        ("ICC_SGI0R_EL1", SystemRegister.IccSgi0R),
        ("ICC_IAR1_EL1", SystemRegister.IccIar1),
        ("ICC_EOIR1_EL1", SystemRegister.IccEoir1),
        ("ICC_HPPIR1_EL1", SystemRegister.IccHppir1),
        ("ICC_BPR1_EL1", SystemRegister.IccBpr1),
        ("ICC_CTLR_EL1", SystemRegister.IccCtlr),
        ("ICC_SRE_EL1", SystemRegister.IccSre),
        ("ICC_IGRPEN0_EL1", SystemRegister.IccIgrpEn0),
        ("ICC_IGRPEN1_EL1", SystemRegister.IccIgrpEn1),
        ("CNTKCTL_EL1", SystemRegister.CntKctl),
        ("CNTFRQ_EL0", SystemRegister.CntFrq),
        ("CNTPCT_EL0", SystemRegister.CntPct),
        ("CNTVCT_EL0", SystemRegister.CntVct),
        ("CNTP_TVAL_EL0", SystemRegister.CntpTval),
        ("CNTP_CTL_EL0", SystemRegister.CntpCtl),
        ("CNTP_CVAL_EL0", SystemRegister.CntpCval),
        ("CNTV_TVAL_EL0", SystemRegister.CntvTval),
        ("CNTV_CTL_EL0", SystemRegister.CntvCtl),
        ("CNTV_CVAL_EL0", SystemRegister.CntvCval),
        ("WORK", SystemRegister.Work),
    ];

    private static readonly Dictionary<string, int> ByName = Table.ToDictionary(row => row.Name, row => row.Encoding, StringComparer.Ordinal);

    private static readonly Dictionary<int, string> ByEncoding = Table.ToDictionary(row => row.Encoding, row => row.Name);

    public static IReadOnlyList<string> All { get; } = [.. Table.Select(row => row.Name)];

    /// <summary>The encoding of a register, by its name as the manual spells it or in the generic form, <c>S3_0_C12_C8_0</c>.</summary>
    public static bool TryParse(string name, out int encoding) => ByName.TryGetValue(name, out encoding) || TryParseGeneric(name, out encoding);

    /// <summary>The name of a register, generic where there is none of that encoding.</summary>
    public static string NameOf(int encoding) => ByEncoding.GetValueOrDefault(encoding) ?? SystemRegister.GenericName(encoding);

    private static bool TryParseGeneric(string name, out int encoding)
    {
        encoding = 0;
        var fields = name.Split('_', 6);
        var isForm = fields.Length == 5 && fields[0].StartsWith('S') && fields[2].StartsWith('C') && fields[3].StartsWith('C');
        if (!isForm || !TryField(fields[0][1..], 4, out var op0) || !TryField(fields[1], 8, out var op1)
            || !TryField(fields[2][1..], 16, out var crn) || !TryField(fields[3][1..], 16, out var crm) || !TryField(fields[4], 8, out var op2))
        {
            return false;
        }

        encoding = SystemRegister.Encode(op0, op1, crn, crm, op2);
        return true;
    }

    private static bool TryField(string text, int limit, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value < limit;
}
