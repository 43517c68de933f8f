using Trapline.Devices.LoongArch.Transfer;
using Trapline.Messages;

namespace Trapline.Machines.Results.Migrations;

/// <summary>Why a row is not the same after a migration, and whether that matters to the guest.</summary>
public static class RegisterReasons
{
    /// <summary>The judgement of a difference that has no harmless reason.</summary>
    public const string Matters = "the guest will find something else than it left";

    /// <summary>The judgement of a row that one side alone has.</summary>
    public const string Missing = "there on one side alone";

    /// <summary>The row that is never the same: it counts.</summary>
    public const string Counter = "COUNTER";

    /// <summary>Of the stable counter, at the 100 MHz of every LoongArch machine that KVM runs on (CPUCFG.4).</summary>
    private const long CounterTick = 10 * VirtualTime.PerNanosecond;

    /// <summary>Losses of the real interface that no guest can notice: each is the host's, or is put together anew from other rows that are compared themselves.</summary>
    private static readonly string[] Harmless = ["ipi-statistics", "eiointc-statistics", "pin-levels", "eventfd-count"];

    /// <summary>Registers that store and do nothing else, as the specification says: a guest could read them, and no driver does.</summary>
    private static readonly (ActorRole Role, string Row)[] Dead =
    [
        (ActorRole.Eiointc, "NODETYPE"), (ActorRole.Eiointc, "BOUNCE64"),
        (ActorRole.PchPic, "AUTO_CTRL0"), (ActorRole.PchPic, "AUTO_CTRL1"), (ActorRole.PchPic, "POLARITY"), (ActorRole.PchPic, "ROUTE_ENTRY"),
        (ActorRole.Ipi, "SET"), (ActorRole.Ipi, "CLEAR"),
    ];

    /// <summary>Whether a difference breaks the invariant.</summary>
    public static bool IsViolation(string judgement) => judgement is Matters or Missing;

    /// <param name="role">Of the actor whose row it is.</param>
    /// <param name="row">Its name.</param>
    /// <param name="before">Its value at the source.</param>
    /// <param name="after">Its value at the destination.</param>
    public static string Of(ActorRole role, string row, ulong before, ulong after)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (role == ActorRole.Gic)
        {
            return GicReasons.Of(row, before, after) ?? Matters;
        }

        if (Array.Exists(Dead, dead => dead.Role == role && IsOf(row, dead.Row)))
        {
            return "storage without effect (loongarch-irqchip 2.1, 3.1, 4.1)";
        }

        var device = DeviceOf(role);
        return UapiLosses.All.FirstOrDefault(loss => loss.Device == device && Array.IndexOf(Harmless, loss.Name) >= 0 && loss.Covers(row)) is { } loss
            ? $"{loss.Name} ({loss.Source})"
            : Matters;
    }

    /// <summary>
    /// The counter stands still from its being read at the source to its being set at the destination, and counts before and after:
    /// it has gone on, and not by more than the time that has passed.
    /// </summary>
    /// <param name="before">Ticks.</param>
    /// <param name="after">Ticks.</param>
    /// <param name="passed">From one to the other.</param>
    public static string OfCounter(ulong before, ulong after, VirtualTime passed) => (after - before) switch
    {
        0 => "",
        var ticks when ticks <= (ulong)(passed.Picoseconds / CounterTick) + 1 => "it counts on from the value that was transferred",
        _ => Matters,
    };

    /// <summary>
    /// A row that one side alone has. What a CPU interface holds may be on its way back to the board, for its state is being read: then the board's rows tell whether
    /// it is there, and with whom.
    /// </summary>
    /// <param name="role">Of the actor whose row it is.</param>
    /// <param name="row">Its name.</param>
    public static string OfMissing(ActorRole role, string row) =>
        role == ActorRole.Vcpu && IsOf(row, "held") ? "on one side it was on its way to or from the board, whose own rows are compared" : Missing;

    private static bool IsOf(string row, string register) =>
        row.StartsWith(register, StringComparison.Ordinal) && (row.Length == register.Length || row[register.Length] == '[');

    private static string DeviceOf(ActorRole role) => role switch
    {
        ActorRole.Ipi => UapiLosses.Ipi,
        ActorRole.Eiointc => UapiLosses.Eiointc,
        ActorRole.PchPic => UapiLosses.PchPic,
        ActorRole.Eventfd => UapiLosses.Routing,
        _ => UapiLosses.Cpu,
    };
}
