namespace Trapline.Actors.Statistics;

/// <summary>
/// Why a vCPU left the guest, as small numbers with names: KVM's statistics counter and, where a device register was
/// accessed, its name. Filled once, at start, from the devices' own register names; then only read.
/// </summary>
public static class ExitReasons
{
    /// <summary>Room for every register of every device.</summary>
    public const int Limit = 256;

    private static readonly List<string> Names = [];
    private static readonly Lock Gate = new();

    /// <summary>A host interrupt pulled a running vCPU out: the kick.</summary>
    public static readonly int HostInterrupt = Define("int");

    public static readonly int Idle = Define("idle");
    public static readonly int CpuConfiguration = Define("cpucfg");
    public static readonly int Hypercall = Define("hypercall");
    public static readonly int IocsrReadUser = Define("iocsr_read user");
    public static readonly int IocsrWriteUser = Define("iocsr_write user");
    public static readonly int MmioReadUser = Define("mmio_read user");
    public static readonly int MmioWriteUser = Define("mmio_write user");

    /// <summary>The number of a reason; the same name always has the same number within a process.</summary>
    public static int Define(string name)
    {
        lock (Gate)
        {
            var known = Names.IndexOf(name);
            if (known >= 0)
            {
                return known;
            }

            if (Names.Count == Limit)
            {
                throw new InvalidOperationException($"no room for exit reason '{name}': all {Limit} are taken");
            }

            Names.Add(name);
            return Names.Count - 1;
        }
    }

    public static string NameOf(int reason)
    {
        lock (Gate)
        {
            return Names[reason];
        }
    }
}
