using Trapline.Actors.Kernel;
using Trapline.Actors.Migration;
using Trapline.Messages;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Machines.Tests.Guests.Arm;

/// <summary>The laws of a whole ARM machine, with interrupts of every kind on their way.</summary>
public sealed class ArmLawTests
{
    private const int Rounds = 25;

    [Fact]
    public void Every_kind_of_interrupt_is_taken_and_nobody_breaks_an_invariant()
    {
        using var run = New(1, new EngineOptions { Invariants = true }).ToEnd();
        Assert.True(run.End is { Reason: EndReason.Exit, Code: 0 }, run.End?.Detail ?? "the guest did not come to its exit");
        var taken = Enumerable.Range(0, ArmChurnGuest.Vcpus).Select(vcpu => run.ArmVcpu(vcpu).Statistics.Taken).ToList();
        for (var kind = 0; kind < 4; kind++)
        {
            Assert.True(taken.Sum(vcpu => vcpu[kind]) > 5, $"{Actors.Arm.InterruptClasses.Names[kind]}: {taken.Sum(vcpu => vcpu[kind])}");
        }

        Assert.Empty(run.Engine.Groups.SelectMany(group => group.Observer?.Violations ?? []));
    }

    [Fact]
    public void The_length_of_windows_changes_no_digest()
    {
        using var longest = New(1, Window(25)).ToEnd();
        using var middle = New(1, Window(11)).ToEnd();
        using var shortest = New(1, Window(3)).ToEnd();
        Assert.Equal(EndReason.Exit, longest.End?.Reason);
        Assert.Equal((longest.Digest(), longest.Digest()), (middle.Digest(), shortest.Digest()));
    }

    [Fact]
    public void The_number_of_threads_changes_no_digest_and_another_seed_does()
    {
        using var one = New(1, new EngineOptions()).ToEnd();
        using var two = New(1, new EngineOptions { Threads = 2 }).ToEnd();
        using var four = New(1, new EngineOptions { Threads = 4 }).ToEnd();
        using var other = New(2, new EngineOptions()).ToEnd();
        Assert.Equal((one.Digest(), one.Digest()), (two.Digest(), four.Digest()));
        Assert.NotEqual(one.Digest(), other.Digest());
    }

    /// <summary>Saved at many times, read into a fresh machine, and run on.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_that_was_saved_ends_with_the_same_digest(bool migrates)
    {
        using var whole = New(3, new EngineOptions(), latency: 400, migrates).ToEnd();
        Assert.Equal(EndReason.Exit, whole.End?.Reason);
        using var first = New(3, new EngineOptions(), latency: 400, migrates);
        first.Engine.Start();
        var saved = 0;
        for (long at = 3_000; first.End is null; at += 7_919)
        {
            first.Engine.Run(VirtualTime.FromNanoseconds(at));
            if (first.End is not null)
            {
                break;
            }

            saved++;
            using var second = New(3, new EngineOptions(), latency: 400, migrates);
            var state = Save(first);
            var reader = new StateReader(state);
            second.Engine.SyncState(reader);
            reader.Finish();
            Assert.Equal(state.ToArray(), Save(second).ToArray());
            second.Engine.Run(VirtualTime.Never);
            Assert.Equal((at, whole.Digest()), (at, second.Digest()));
        }

        Assert.True(saved > 15, $"only {saved} states were saved");
    }

    private static ReadOnlyMemory<byte> Save(GuestRun run)
    {
        var writer = new StateWriter();
        run.Engine.SyncState(writer);
        return writer.Written.ToArray();
    }

    private static EngineOptions Window(long nanoseconds) => new() { Window = VirtualTime.FromNanoseconds(nanoseconds) };

    private static GuestRun New(ulong seed, EngineOptions options, long latency = 25, bool migrates = false) => new(
        ArmChurnGuest.Source(Rounds), ArmChurnGuest.Vcpus, latency == 25 ? null : GuestRun.PathLatency(latency), seed, options,
        migrations: migrates ? [new MigrationPlan { At = VirtualTime.FromNanoseconds(60_000) }] : null);
}
