using System.Text;
using Trapline.Devices.Arm.Cpu;

namespace Trapline.Machines.Recordings.Arm;

/// <summary>A system register as recordings name it: without ICC_ and _EL1.</summary>
internal sealed class GicSystemRegister
{
    /// <summary>Bytes of a name that is not in the table; registers that are not modelled are kept by name.</summary>
    private const int LongestName = 20;

    private const string OfNestedGuests = "registers that a hypervisor has for its own guests are not modelled";
    private const string OfSecureWorld = "the machine has one security state: registers of EL3 are not modelled";
    private const string OfUnmaskable = "non-maskable interrupts of GICv3.3 are not modelled";

    private static readonly GicSystemRegister[] Known =
    [
        new("PMR", IccRegister.Pmr),
        new("IAR0", IccRegister.Iar0),
        new("EOIR0", IccRegister.Eoir0),
        new("HPPIR0", IccRegister.Hppir0),
        new("BPR0", IccRegister.Bpr0),
        new("AP0R0", IccRegister.Ap0R0),
        new("AP0R1", IccRegister.Ap0R1),
        new("AP0R2", IccRegister.Ap0R2),
        new("AP0R3", IccRegister.Ap0R3),
        new("AP1R0", IccRegister.Ap1R0),
        new("AP1R1", IccRegister.Ap1R1),
        new("AP1R2", IccRegister.Ap1R2),
        new("AP1R3", IccRegister.Ap1R3),
        new("DIR", IccRegister.Dir),
        new("RPR", IccRegister.Rpr),
        new("SGI1R", IccRegister.Sgi1R),
        new("ASGI1R", IccRegister.Asgi1R),
        new("SGI0R", IccRegister.Sgi0R),
        new("IAR1", IccRegister.Iar1),
        new("EOIR1", IccRegister.Eoir1),
        new("HPPIR1", IccRegister.Hppir1),
        new("BPR1", IccRegister.Bpr1),
        new("CTLR", IccRegister.Ctlr),
        new("SRE", IccRegister.Sre),
        new("IGRPEN0", IccRegister.IgrpEn0),
        new("IGRPEN1", IccRegister.IgrpEn1),
    ];

    private readonly byte[] _bytes;

    private GicSystemRegister(string name, IccRegister register)
    {
        Name = name;
        Register = register;
        _bytes = Encoding.ASCII.GetBytes(name);
    }

    private GicSystemRegister(string name, string whySkipped)
        : this(name, IccRegister.None) => WhySkipped = whySkipped;

    public string Name { get; }

    /// <summary><see cref="IccRegister.None"/> where <see cref="WhySkipped"/> says why.</summary>
    public IccRegister Register { get; }

    /// <summary>Why there is no model of it, though QEMU traces it; null for all others.</summary>
    public string? WhySkipped { get; }

    /// <summary>The register of a name, or null.</summary>
    public static GicSystemRegister? Find(ReadOnlySpan<byte> name)
    {
        foreach (var register in Known)
        {
            if (name.SequenceEqual(register._bytes))
            {
                return register;
            }
        }

        return name.Length <= LongestName && name.IndexOfAnyExceptInRange((byte)'0', (byte)'_') < 0 && WhyOf(name) is { } why
            ? new GicSystemRegister(Encoding.ASCII.GetString(name), why)
            : null;
    }

    /// <summary>All that QEMU traces of a CPU interface beside what the guest's own has.</summary>
    private static string? WhyOf(ReadOnlySpan<byte> name) =>
        name.StartsWith("ICH_"u8) || name.StartsWith("ICV_"u8) ? OfNestedGuests
        : name.EndsWith("_EL3"u8) ? OfSecureWorld
        : name.SequenceEqual("NMIAR1"u8) ? OfUnmaskable
        : null;
}
