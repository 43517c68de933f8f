using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Profiles;

namespace Trapline.Devices.LoongArch.PchMsi;

/// <summary>
/// PCH-MSI: turns message interrupts into inputs of EIOINTC (QEMU hw/intc/loongarch_pch_msi.c; KVM pch_msi_set_irq). Its
/// outputs are numbered as the vectors of EIOINTC. It keeps no state, and nothing ever lowers what it raised.
/// </summary>
public sealed class PchMsi(IDeviceHost host, LoongArchProfile profile)
{
    /// <summary>Bytes of the doorbell.</summary>
    public const ulong WindowSize = 8;

    public const int Vectors = 256;

    private const int NoLine = -1;

    /// <summary>Whether the whole access lies in the doorbell. Only such accesses may be made.</summary>
    public static bool Covers(ulong offset, int size) => offset < WindowSize && (ulong)size <= WindowSize - offset;

    /// <summary>A read gives 0.</summary>
    public static AccessOutcome Read(ulong offset, int size, out ulong value)
    {
        CheckAccess(offset, size);
        value = 0;
        return AccessOutcome.Done;
    }

    /// <summary>
    /// A device writes a message to the doorbell. Only the low byte counts; eight bytes are two messages, the low word's
    /// first.
    /// </summary>
    public AccessOutcome Write(ulong offset, int size, ulong value)
    {
        CheckAccess(offset, size);
        Ring(offset, size, value);
        if (size == sizeof(ulong))
        {
            Ring(offset, size, value >> 32);
        }

        return AccessOutcome.Done;
    }

    /// <summary>A message of KVM_SIGNAL_MSI or of an irqfd's route; its address does not matter.</summary>
    /// <param name="data">The vector.</param>
    /// <returns>
    /// 0, or <see cref="Errno.InvalidArgument"/> for 256 and above: the kernel does not check and writes outside its
    /// tables (defect F20), which nobody can want simulated.
    /// </returns>
    public int Signal(uint data)
    {
        if (data >= Vectors)
        {
            Report(ReportKind.Refused, NoLine, data);
            return Errno.InvalidArgument;
        }

        Raise((int)data);
        return Errno.Success;
    }

    private static void CheckAccess(ulong offset, int size)
    {
        if (size is not (1 or 2 or 4 or 8) || !Covers(offset, size))
        {
            throw new ArgumentOutOfRangeException(nameof(offset), $"{size} bytes at +0x{offset:x} are not an access to PCH-MSI: ask Covers first");
        }
    }

    /// <summary>Row D22: vectors below the first are PCH-PIC's. QEMU dies of one by an assertion; here it is refused.</summary>
    private void Ring(ulong offset, int size, ulong value)
    {
        var vector = (int)(value & (Vectors - 1));
        if (vector < profile.FirstMessageVector)
        {
            Report(ReportKind.Refused, vector, AccessDetail.Of(offset, size, isWrite: true));
            return;
        }

        Raise(vector);
    }

    private void Raise(int vector)
    {
        Report(ReportKind.Raised, vector, 0);
        host.DrivePin(vector, true);
    }

    private void Report(ReportKind kind, int line, ulong detail)
    {
        if (host.Listening)
        {
            host.Report(new DeviceReport(kind, line, detail));
        }
    }
}
