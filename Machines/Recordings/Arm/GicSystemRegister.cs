using System.Text;
using Trapline.Devices.Arm.Cpu;

namespace Trapline.Machines.Recordings.Arm;

/// <summary>A system register as recordings name it: without ICC_ and _EL1.</summary>
internal sealed class GicSystemRegister
{
    /// <summary>Bytes of a name that is not in the table; ICH_ registers are kept by name.</summary>
    private const int LongestName = 20;

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

    public string Name { get; }

    /// <summary><see cref="IccRegister.None"/> for a register of the interface that a hypervisor gives its own guests (ICH_*).</summary>
    public IccRegister Register { get; }

    /// <summary>Of a hypervisor in the guest: none of the GIC that the guest itself has.</summary>
    public bool IsForNestedGuests => Register == IccRegister.None;

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

        return name.StartsWith("ICH_"u8) && name.Length <= LongestName && name.IndexOfAnyExceptInRange((byte)'0', (byte)'_') < 0
            ? new GicSystemRegister(Encoding.ASCII.GetString(name), IccRegister.None)
            : null;
    }
}
