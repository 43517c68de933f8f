using System.Globalization;
using Trapline.Actors.Arm;
using Trapline.Actors.Kernel;
using Trapline.Actors.Migration;
using Trapline.Devices.Arm.Profiles;
using Trapline.Messages;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Machines.Tests.Guests.Arm;

/// <summary>
/// Guests, and user spaces beside them, that mean no good to GIC and ITS: the machine goes on, nothing is lost or invented, and what it does depends on the seed
/// alone, also where the VM migrates, or was saved and is carried on by fresh actors.
/// </summary>
public sealed class ArmHostileTests(ITestOutputHelper output)
{
    /// <summary>How many machines are drawn, in the place of the few that are always looked at.</summary>
    private const string Machines = "TRAPLINE_HOSTILE_MACHINES";

    private const int GreatestVcpus = 8;
    private const int Saves = 12;

    private static readonly int Wanted = int.TryParse(Environment.GetEnvironmentVariable(Machines), NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) ? wanted : 0;

    /// <summary>41: an LPI that waits with two CPUs, as QEMU's may. 84: user space writes a pending SGI into a CPU that has run.</summary>
    private static readonly int[] Usual = [7, 41, 84];

    private static readonly VirtualTime End = VirtualTime.FromNanoseconds(Wanted == 0 ? 600_000 : 2_000_000);

    private static IEnumerable<int> Seeds => Wanted == 0 ? Usual : Enumerable.Range(1, Wanted);

    [Fact]
    public void No_guest_and_no_user_space_stops_the_machine_or_breaks_an_invariant()
    {
        var wrong = new List<string>();
        var (irqs, commands, exits, calls) = (0L, 0L, 0, 0UL);
        foreach (var seed in Seeds)
        {
            var user = UserOf(seed);
            using var run = New(seed, new EngineOptions { Invariants = true }, user);
            if (Refused(() => run.ToEnd()))
            {
                continue;
            }

            var actors = run.Engine.Groups.SelectMany(group => group.Actors).ToList();
            wrong.AddRange(run.Engine.Groups.SelectMany(group => group.Observer?.Violations ?? []).Select(violation => $"seed {seed}: {violation}"));
            exits += run.End?.Reason == EndReason.Exit ? 1 : 0;
            irqs += actors.OfType<ArmVcpu>().Sum(vcpu => vcpu.Statistics.Counters[run.Program.Counters.ToList().IndexOf("irqs")]);
            commands += actors.OfType<GicActor>().Sum(gic => gic.Commands.Commands);
            calls += user?.Answers ?? 0;
        }

        output.WriteLine($"{Seeds.Count()} machines, {exits} came to their exit, {irqs} interrupts, {commands} commands, {calls} calls");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(20)));
        Assert.True(irqs > 30 && commands > 1_000 && calls > 100, $"{exits} exits, {irqs} interrupts, {commands} commands, {calls} calls");
    }

    /// <summary>Saved again and again, each time carried on by fresh actors.</summary>
    [Fact]
    public void Threads_windows_and_saves_change_nothing()
    {
        foreach (var seed in Seeds)
        {
            using var whole = New(seed, new EngineOptions(), UserOf(seed));
            if (Refused(() => whole.ToEnd()))
            {
                continue;
            }

            using var others = New(seed, new EngineOptions { Threads = 2, Window = VirtualTime.FromNanoseconds(3 + (seed % 20)) }, UserOf(seed));
            Assert.Equal((seed, whole.Digest()), (seed, others.ToEnd().Digest()));
            Assert.Equal((seed, whole.Digest()), (seed, Saved(seed)));
        }
    }

    private static Digest128 Saved(int seed)
    {
        var random = new Random(seed);
        var run = New(seed, new EngineOptions(), UserOf(seed));
        try
        {
            run.Engine.Start();
            long at = 0;
            for (var save = 0; save < Saves; save++)
            {
                at += random.Next(1, 15_000);
                run.Engine.Run(VirtualTime.FromNanoseconds(at));
                if (run.End is not null)
                {
                    break;
                }

                var state = Save(run);
                var next = New(seed, new EngineOptions(), UserOf(seed));
                run.Dispose();
                run = next;
                var reader = new StateReader(state);
                run.Engine.SyncState(reader);
                reader.Finish();
                Assert.True(state.Span.SequenceEqual(Save(run).Span), $"seed {seed}: what was loaded at {at} ns is not what was saved");
            }

            run.Engine.Run(VirtualTime.Never);
            return run.Digest();
        }
        finally
        {
            run.Dispose();
        }
    }

    /// <summary>
    /// What ends a run by design: a table in memory that is at home with a vCPU; and the machine's own VMM, when another program has closed its VM or its
    /// eventfds.
    /// </summary>
    private static bool Refused(Action run)
    {
        try
        {
            run();
            return false;
        }
        catch (SimulationException ended) when (ended.Message.Contains("declare queues and tables of a GIC", StringComparison.Ordinal) || ended.Message.Contains("was refused by boundary", StringComparison.Ordinal))
        {
            return true;
        }
    }

    private static int VcpusOf(int seed) => 1 + (seed % GreatestVcpus);

    /// <summary>Beside a third of the machines; another third migrates.</summary>
    private static HostileUser? UserOf(int seed) => seed % 3 == 0 ? new HostileUser((ulong)seed, VcpusOf(seed), seed % 6 == 0 ? 5 + (seed % 20) : -1) : null;

    private static ReadOnlyMemory<byte> Save(GuestRun run)
    {
        var writer = new StateWriter();
        run.Engine.SyncState(writer);
        return writer.Written.ToArray();
    }

    private static GuestRun New(int seed, EngineOptions options, HostileUser? user) => new(
        new ArmHostileGuest(seed, VcpusOf(seed)).Build(), VcpusOf(seed), seed: (ulong)seed, options: options, until: End, profile: GicProfiles.All[seed / 3 % 2],
        beside: user, isMigratable: true, migrations: seed % 3 == 1 ? [new MigrationPlan { At = VirtualTime.FromNanoseconds(60_000 + (seed * 7919 % 200_000)) }] : null);
}
