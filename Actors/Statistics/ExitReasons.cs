using Trapline.Devices.LoongArch.Ipi;
using Trapline.Messages.State;

namespace Trapline.Actors.Statistics;

/// <summary>
/// Why a vCPU left the guest, as small numbers with names: KVM's statistics counter and, where a device register was
/// accessed, its name. The numbers travel in messages and are hashed with them, so they follow from this table alone.
/// </summary>
public static class ExitReasons
{
    /// <summary>A host interrupt pulled a running vCPU out: the kick.</summary>
    public const int HostInterrupt = 0;
    public const int Idle = 1;
    public const int CpuConfiguration = 2;
    public const int Hypercall = 3;
    public const int IocsrReadUser = 4;
    public const int IocsrWriteUser = 5;
    public const int MmioReadUser = 6;
    public const int MmioWriteUser = 7;

    private static readonly string[] OwnNames =
        ["int", "idle", "cpucfg", "hypercall", "iocsr_read user", "iocsr_write user", "mmio_read user", "mmio_write user"];

    // Offsets without a register share one name: a guest that walks through them must not fill the table.
    private static readonly string[] IpiNames =
        ["STATUS", "EN", "SET", "CLEAR", "MBUF0", "MBUF1", "MBUF2", "MBUF3", "IPI_SEND", "MAIL_SEND", "ANY_SEND", "(no register)"];

    private static readonly string[] Names =
        [.. OwnNames, .. IpiNames.Select(register => $"ipi_read {register}"), .. IpiNames.Select(register => $"ipi_write {register}")];

    private static readonly byte[] IpiNumbers = [.. Enumerable.Range(0, IpiRegisters.OffsetMask + 1).Select(NumberOfIpi)];

    public static int Count => Names.Length;

    public static int IpiRead(ulong address) => OwnNames.Length + IpiNumbers[address & IpiRegisters.OffsetMask];

    public static int IpiWrite(ulong address) => IpiRead(address) + IpiNames.Length;

    public static string NameOf(int reason) => Names[reason];

    /// <exception cref="StateFormatException">Saved state names a reason that this version does not have.</exception>
    public static int Find(string name)
    {
        var reason = Array.IndexOf(Names, name);
        return reason >= 0 ? reason : throw new StateFormatException($"there is no exit reason '{name}'");
    }

    private static byte NumberOfIpi(int offset)
    {
        var register = Array.IndexOf(IpiNames, IpiRegisters.NameOf(offset));
        return (byte)(register >= 0 ? register : IpiNames.Length - 1);
    }
}
