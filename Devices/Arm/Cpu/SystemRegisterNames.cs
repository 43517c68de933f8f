using System.Globalization;

namespace Trapline.Devices.Arm.Cpu;

/// <summary>Names of the system registers that exist here, as the Arm architecture spells them; and the generic form, which every encoding has.</summary>
public static class SystemRegisterNames
{
    private static readonly (string Name, ushort Encoding)[] Table =
    [
        ("MIDR_EL1", SystemRegister.MidrEl1),
        ("MPIDR_EL1", SystemRegister.MpidrEl1),
        ("SCTLR_EL1", SystemRegister.SctlrEl1),
        ("CPACR_EL1", SystemRegister.CpacrEl1),
        ("TTBR0_EL1", SystemRegister.Ttbr0El1),
        ("TTBR1_EL1", SystemRegister.Ttbr1El1),
        ("TCR_EL1", SystemRegister.TcrEl1),
        ("SPSR_EL1", SystemRegister.SpsrEl1),
        ("ELR_EL1", SystemRegister.ElrEl1),
        ("SP_EL0", SystemRegister.SpEl0),
        ("CurrentEL", SystemRegister.CurrentEl),
        ("ESR_EL1", SystemRegister.EsrEl1),
        ("FAR_EL1", SystemRegister.FarEl1),
        ("MAIR_EL1", SystemRegister.MairEl1),
        ("VBAR_EL1", SystemRegister.VbarEl1),
        ("ISR_EL1", SystemRegister.IsrEl1),
        ("CONTEXTIDR_EL1", SystemRegister.ContextidrEl1),
        ("TPIDR_EL1", SystemRegister.TpidrEl1),
        ("CNTKCTL_EL1", SystemRegister.CntkctlEl1),
        ("WORK", SystemRegister.WorkEl1),
        ("DAIF", SystemRegister.Daif),
        ("TPIDR_EL0", SystemRegister.TpidrEl0),
        ("TPIDRRO_EL0", SystemRegister.TpidrroEl0),
        ("CNTFRQ_EL0", SystemRegister.CntfrqEl0),
        ("CNTPCT_EL0", SystemRegister.CntpctEl0),
        ("CNTVCT_EL0", SystemRegister.CntvctEl0),
        ("CNTP_TVAL_EL0", SystemRegister.CntpTvalEl0),
        ("CNTP_CTL_EL0", SystemRegister.CntpCtlEl0),
        ("CNTP_CVAL_EL0", SystemRegister.CntpCvalEl0),
        ("CNTV_TVAL_EL0", SystemRegister.CntvTvalEl0),
        ("CNTV_CTL_EL0", SystemRegister.CntvCtlEl0),
        ("CNTV_CVAL_EL0", SystemRegister.CntvCvalEl0),
        ("ICC_PMR_EL1", (ushort)IccRegister.Pmr),
        ("ICC_IAR0_EL1", (ushort)IccRegister.Iar0),
        ("ICC_EOIR0_EL1", (ushort)IccRegister.Eoir0),
        ("ICC_HPPIR0_EL1", (ushort)IccRegister.Hppir0),
        ("ICC_BPR0_EL1", (ushort)IccRegister.Bpr0),
        ("ICC_AP0R0_EL1", (ushort)IccRegister.Ap0R0),
        ("ICC_AP1R0_EL1", (ushort)IccRegister.Ap1R0),
        ("ICC_DIR_EL1", (ushort)IccRegister.Dir),
        ("ICC_RPR_EL1", (ushort)IccRegister.Rpr),
        ("ICC_SGI1R_EL1", (ushort)IccRegister.Sgi1R),
        ("ICC_ASGI1R_EL1", (ushort)IccRegister.Asgi1R),
        ("ICC_SGI0R_EL1", (ushort)IccRegister.Sgi0R),
        ("ICC_IAR1_EL1", (ushort)IccRegister.Iar1),
        ("ICC_EOIR1_EL1", (ushort)IccRegister.Eoir1),
        ("ICC_HPPIR1_EL1", (ushort)IccRegister.Hppir1),
        ("ICC_BPR1_EL1", (ushort)IccRegister.Bpr1),
        ("ICC_CTLR_EL1", (ushort)IccRegister.Ctlr),
        ("ICC_SRE_EL1", (ushort)IccRegister.Sre),
        ("ICC_IGRPEN0_EL1", (ushort)IccRegister.IgrpEn0),
        ("ICC_IGRPEN1_EL1", (ushort)IccRegister.IgrpEn1),
    ];

    public static IReadOnlyList<string> All { get; } = [.. Table.Select(row => row.Name)];

    /// <summary>The encoding of a register, by its name or in the generic form, <c>S3_0_C12_C8_0</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out ushort encoding)
    {
        foreach (var row in Table)
        {
            if (name.Equals(row.Name, StringComparison.Ordinal))
            {
                encoding = row.Encoding;
                return true;
            }
        }

        return TryParseGeneric(name, out encoding);
    }

    /// <summary>The name of a register, or null where there is none of that encoding.</summary>
    public static string? NameOf(ushort encoding)
    {
        foreach (var row in Table)
        {
            if (row.Encoding == encoding)
            {
                return row.Name;
            }
        }

        return null;
    }

    /// <summary>The name of a register, generic where there is none of that encoding.</summary>
    public static string Describe(ushort encoding) => NameOf(encoding) ?? SystemRegister.GenericName(encoding);

    private static bool TryParseGeneric(ReadOnlySpan<char> name, out ushort encoding)
    {
        encoding = 0;
        Span<Range> fields = stackalloc Range[6];
        if (name.Split(fields, '_') != 5 || !TryField(name[fields[0]], "S", 4, out var op0) || !TryField(name[fields[1]], "", 8, out var op1)
            || !TryField(name[fields[2]], "C", 16, out var crn) || !TryField(name[fields[3]], "C", 16, out var crm) || !TryField(name[fields[4]], "", 8, out var op2))
        {
            return false;
        }

        encoding = SystemRegister.Encode(op0, op1, crn, crm, op2);
        return true;
    }

    private static bool TryField(ReadOnlySpan<char> text, string prefix, int limit, out int value)
    {
        value = 0;
        return text.StartsWith(prefix, StringComparison.Ordinal)
            && int.TryParse(text[prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out value) && value < limit;
    }
}
