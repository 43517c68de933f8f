using Trapline.Actors.Migration;
using Trapline.Machines.Boards;
using Trapline.Machines.Tests.Controllers;
using Trapline.Machines.Tests.Guests;
using Trapline.Machines.Tests.Guests.Arm;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Machines.Tests.State;

/// <summary>Small machines that between them have every actor, stopped where much is going on.</summary>
internal static class StateMachines
{
    /// <summary>A machine of the board <c>arm-virt</c>; those that have more begin with it.</summary>
    public const string Arm = "arm";

    private const int GuestVcpus = 3;

    /// <summary>In the middle of being made, while the guest starts, and later.</summary>
    public static IReadOnlyList<VirtualTime> CutTimes { get; } = [.. new long[] { 3_000, 12_000, 31_000, 55_000, 90_000 }.Select(VirtualTime.FromNanoseconds)];

    public static IReadOnlyDictionary<string, Func<GuestRun>> All { get; } = new Dictionary<string, Func<GuestRun>>
    {
        ["kernel, irqfd"] = () => Churn(new MachineSettings()),
        ["kernel, ioctl"] = () => Churn(new MachineSettings { Msi = MessageDelivery.Ioctl }),
        ["kernel, migrating"] = () => Churn(new MachineSettings(), Migrations),
        ["user, migrating"] = () => Churn(new MachineSettings { Irqchip = Irqchip.User }, Migrations),
        ["user, big lock"] = () => Churn(new MachineSettings { Irqchip = Irqchip.User }),
        ["two machines"] = () => new GuestRun(RingingGuest.Source, RingingGuest.Vcpus, GuestRun.PathLatency(400), machines: new MachineGroup(2, VirtualTime.FromNanoseconds(5_000))),
        ["guest of random instructions"] = () => new GuestRun(RandomSource, GuestVcpus, GuestRun.PathLatency(400)),
        [Arm] = () => new GuestRun(ArmChurnGuest.Source(50), ArmChurnGuest.Vcpus, GuestRun.PathLatency(400)),
        [Arm + ", migrating"] = () => new GuestRun(ArmChurnGuest.Source(50), ArmChurnGuest.Vcpus, GuestRun.PathLatency(400), migrations: Migrations),
        ["bare metal"] = () => new GuestRun(RandomSource, GuestVcpus, GuestRun.PathLatency(400), settings: new MachineSettings { Hypervisor = Hypervisor.None }),
    };

    public static bool IsArm(string machine) => machine.StartsWith(Arm, StringComparison.Ordinal);

    private static string RandomSource => new RandomGuest(2, GuestVcpus).Build();

    /// <summary>At each of the cuts before its guest's end.</summary>
    public static IEnumerable<SavedMachine> SavedStates(string machine)
    {
        using var run = All[machine]();
        run.Engine.Start();
        foreach (var time in CutTimes)
        {
            run.Engine.Run(time);
            if (run.End is not null)
            {
                yield break;
            }

            var (writer, schema) = (new StateWriter(), new StateSchema());
            run.Engine.SyncState(writer);
            run.Engine.SyncState(schema);
            yield return new SavedMachine(time, writer.Written.ToArray(), schema);
        }
    }

    /// <summary>At the cuts it is being prepared, then state is read, then it is set.</summary>
    private static IReadOnlyList<MigrationPlan> Migrations => [new() { At = VirtualTime.FromNanoseconds(2_000) }];

    private static GuestRun Churn(MachineSettings settings, IReadOnlyList<MigrationPlan>? migrations = null) =>
        new(ChurnGuest.Source(50), ChurnGuest.Vcpus, GuestRun.PathLatency(400), settings: settings, migrations: migrations);
}
