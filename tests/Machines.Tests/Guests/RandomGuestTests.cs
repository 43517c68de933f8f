using Trapline.Actors.Kernel;
using Trapline.Actors.Vcpus;
using Trapline.Messages;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Machines.Tests.Guests;

/// <summary>The first law on drawn guests: window length, threads and a stop in the middle change nothing; and nothing gets lost.</summary>
public sealed class RandomGuestTests
{
    private const int Seeds = 50;

    private static EngineOptions Window(long nanoseconds) => new() { Window = VirtualTime.FromNanoseconds(nanoseconds) };

    private static GuestRun New(ulong seed, int vcpus, EngineOptions options) =>
        new(new RandomGuest(seed, vcpus).Build(), vcpus, seed: seed, options: options);

    [Fact]
    public void The_length_of_windows_changes_no_digest()
    {
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var vcpus = 2 + (int)(seed % 5);
            using var longest = New(seed, vcpus, Window(25)).ToEnd();
            Assert.True(longest.End is { Reason: EndReason.Exit }, $"seed {seed}: {longest.End?.Detail ?? "no end"}");
            using var odd = New(seed, vcpus, Window(7)).ToEnd();
            using var shortest = New(seed, vcpus, Window(1)).ToEnd();
            Assert.Equal((seed, longest.Digest(), longest.Digest()), (seed, odd.Digest(), shortest.Digest()));
        }
    }

    /// <summary>Windows of 400 ns are longer than the shortest timers of these guests: what a vCPU arms in a window comes due in it.</summary>
    [Fact]
    public void Nor_does_it_where_timers_are_shorter_than_windows()
    {
        for (ulong seed = 1; seed <= 10; seed++)
        {
            var guest = new RandomGuest(seed, 3).Build();
            using var longest = new GuestRun(guest, 3, GuestRun.PathLatency(400), options: Window(400)).ToEnd();
            using var shortest = new GuestRun(guest, 3, GuestRun.PathLatency(400), options: Window(9)).ToEnd();
            Assert.Equal((seed, longest.Digest()), (seed, shortest.Digest()));
            Assert.Equal(EndReason.Exit, longest.End?.Reason);
        }
    }

    [Fact]
    public void The_number_of_threads_changes_no_digest()
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            using var one = New(seed, 64, new EngineOptions()).ToEnd();
            using var two = New(seed, 64, new EngineOptions { Threads = 2 }).ToEnd();
            using var four = New(seed, 64, new EngineOptions { Threads = 4 }).ToEnd();
            Assert.Equal((one.Digest(), one.Digest()), (two.Digest(), four.Digest()));
            Assert.Equal(EndReason.Exit, one.End?.Reason);
        }
    }

    [Fact]
    public void Each_raise_is_handled_coalesced_or_still_there_and_nobody_sleeps_over_one()
    {
        var (raised, coalesced) = (0L, 0L);
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var vcpus = 2 + (int)(seed % 5);
            using var run = New(seed, vcpus, new EngineOptions()).ToEnd();
            for (var cpu = 0; cpu < vcpus; cpu++)
            {
                var rows = Rows(run.Ipi(cpu)).Concat(Rows(run.Vcpu(cpu))).ToLookup(row => row.Key[(row.Key.LastIndexOf('.') + 1)..], row => row.Value);
                Assert.Equal(rows["STATUS"].Single() != 0 ? 1 : 0, run.Ipi(cpu).Fates.Open);
                var status = rows["ESTAT"].Single();
                var own = run.Vcpu(cpu).Statistics.OwnFates;
                var software = run.Vcpu(cpu).Statistics.SoftwareFates;
                Assert.Equal((long)((status >> 11) & 1), own.Open);
                // One that waits for the entry beside one that the guest has not cleared is counted apart until they are joined.
                Assert.Equal((long)((status & 1) + (rows["pend"].Single() & 1)), software.Open);
                Assert.True(own.Raised > 0);
                (raised, coalesced) = (raised + software.Raised, coalesced + software.Coalesced);
                var pending = ((status & 0x1fff) | rows["pend"].Single()) & rows["ECFG"].Single();
                Assert.True(run.Vcpu(cpu).Phase != VcpuPhase.Blocked || pending == 0, $"seed {seed}: CPU {cpu} sleeps with 0x{pending:x} pending");
            }
        }

        Assert.True(raised > 1_000 && coalesced > 0, $"{raised} software interrupts, {coalesced} coalesced: nothing was tested");
    }

    /// <summary>Stopped at many points, written out, read into a fresh machine, and run on.</summary>
    [Fact]
    public void A_run_that_was_saved_and_loaded_in_the_middle_ends_with_the_same_digest()
    {
        for (ulong seed = 1; seed <= 6; seed++)
        {
            var vcpus = 2 + (int)(seed % 5);
            using var whole = New(seed, vcpus, new EngineOptions()).ToEnd();
            var end = whole.End!.At.Picoseconds;
            for (var part = 0; part < 23; part++)
            {
                using var first = New(seed, vcpus, new EngineOptions());
                first.Engine.Start();
                first.Engine.Run(new VirtualTime((end * part / 23) + (part * 1_234)));
                var state = Save(first);
                using var second = New(seed, vcpus, new EngineOptions());
                var reader = new StateReader(state);
                second.Engine.SyncState(reader);
                reader.Finish();
                Assert.Equal(state.ToArray(), Save(second).ToArray());
                second.Engine.Run(VirtualTime.Never);
                Assert.Equal((seed, part, whole.Digest()), (seed, part, second.Digest()));
                Assert.Equal(whole.End, second.End);

                // To save is to change nothing.
                first.Engine.Run(VirtualTime.Never);
                Assert.Equal(whole.Digest(), first.Digest());
            }
        }
    }

    [Fact]
    public void Rows_of_an_actor_have_names_of_their_own()
    {
        var watches = 0;
        for (ulong seed = 1; seed <= 10; seed++)
        {
            using var run = New(seed, 5, new EngineOptions());
            run.Engine.Start();
            run.Engine.Run(VirtualTime.FromNanoseconds(60_000));
            foreach (var actor in run.Engine.Groups.SelectMany(group => group.Actors))
            {
                var rows = Rows(actor);
                Assert.Empty(rows.GroupBy(row => row.Key).Where(same => same.Count() > 1).Select(same => same.Key));
                watches += rows.Count(row => row.Key.EndsWith(".subscriber", StringComparison.Ordinal));
            }
        }

        Assert.True(watches > 1, "nobody waited: the lists were not tested");
    }

    [Fact]
    public void Another_seed_of_the_run_gives_another_digest_where_the_guest_draws()
    {
        var guest = new RandomGuest(2, 3).Build();
        using var one = new GuestRun(guest, 3, seed: 1).ToEnd();
        using var other = new GuestRun(guest, 3, seed: 2).ToEnd();
        Assert.NotEqual(one.Digest(), other.Digest());
    }

    private static ReadOnlyMemory<byte> Save(GuestRun run)
    {
        var writer = new StateWriter();
        run.Engine.SyncState(writer);
        return writer.Written;
    }

    private static IReadOnlyList<KeyValuePair<string, ulong>> Rows(Actor actor)
    {
        var lister = new StateLister();
        actor.SyncState(lister);
        return lister.Rows;
    }
}
