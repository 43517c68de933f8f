using Trapline.Actors.Arm;
using Trapline.Actors.Kernel;
using Trapline.Devices.Arm.Profiles;
using Trapline.Machines.Boards;
using Trapline.Machines.Costs;
using Trapline.Machines.Tests.Guests;
using Trapline.Messages;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Machines.Tests.Boards;

/// <summary>The laws of the whole machine, for ARM: with messages, levels, timers and SGIs on their way, and interrupts that move meanwhile.</summary>
public sealed class ArmBoardLawTests
{
    private const int Rounds = 6;

    public static TheoryData<string, MessageDelivery, BigLock> Machines => new()
    {
        { "kvm", MessageDelivery.Irqfd, BigLock.On },
        { "kvm", MessageDelivery.Ioctl, BigLock.Off },
        { "qemu-11", MessageDelivery.Irqfd, BigLock.On },
        { "qemu-11", MessageDelivery.Ioctl, BigLock.On },
    };

    [Theory]
    [MemberData(nameof(Machines))]
    public void Windows_and_threads_change_no_digest(string profile, MessageDelivery msi, BigLock bigLock)
    {
        GuestRun Of(EngineOptions options) => New(1, options, profile, msi, bigLock).ToEnd();
        using var longest = Of(new EngineOptions());
        using var middle = Of(new EngineOptions { Window = VirtualTime.FromNanoseconds(17) });
        using var shortest = Of(new EngineOptions { Window = VirtualTime.FromNanoseconds(3), Threads = 2 });
        using var threads = Of(new EngineOptions { Threads = 4 });
        Assert.True(longest.End is { Reason: EndReason.Exit, Code: 0 }, longest.End?.Detail ?? "the guest did not come to its exit");
        Assert.Equal((longest.Digest(), longest.Digest(), longest.Digest()), (middle.Digest(), shortest.Digest(), threads.Digest()));
    }

    /// <summary>Saved at some times, and where an interrupt is on its way back to it, read into a fresh machine, and run on.</summary>
    [Theory]
    [MemberData(nameof(Machines))]
    public void A_run_that_was_saved_in_the_middle_of_a_recall_ends_with_the_same_digest(string profile, MessageDelivery msi, BigLock bigLock)
    {
        GuestRun Of() => New(3, new EngineOptions(), profile, msi, bigLock, latency: 90);
        using var whole = Of().ToEnd();
        using var first = Of();
        Assert.Equal(EndReason.Exit, whole.End?.Reason);
        first.Engine.Start();
        var (saved, recalling) = (0, 0);
        for (long at = 300_000; first.End is null && at < 1_200_000; at += 330)
        {
            first.Engine.Run(VirtualTime.FromNanoseconds(at));
            var isRecalling = first.OnBoard<GicActor>().IsRecalling && recalling < 6;
            if (first.End is not null || (!isRecalling && (at - 300_000) % 99_000 != 0))
            {
                continue;
            }

            saved++;
            recalling += isRecalling ? 1 : 0;
            using var second = Of();
            var state = Save(first);
            var reader = new StateReader(state);
            second.Engine.SyncState(reader);
            reader.Finish();
            Assert.Equal(state.ToArray(), Save(second).ToArray());
            second.Engine.Run(VirtualTime.Never);
            Assert.Equal((at, whole.Digest(), whole.End), (at, second.Digest(), second.End));
        }

        Assert.True(recalling > 1 && saved > recalling, $"{saved} saved, {recalling} with an interrupt on its way back");
    }

    [Fact]
    public void Another_seed_gives_another_digest()
    {
        using var one = New(1, new EngineOptions()).ToEnd();
        using var other = New(2, new EngineOptions()).ToEnd();
        Assert.NotEqual(one.Digest(), other.Digest());
    }

    [Theory]
    [InlineData("kvm")]
    [InlineData("qemu-11")]
    public void Each_raise_has_one_fate_and_the_guest_knows_of_all(string profile)
    {
        for (ulong seed = 1; seed <= 4; seed++)
        {
            using var run = New(seed, new EngineOptions(), profile).ToEnd();
            Assert.True(run.End is { Reason: EndReason.Exit, Code: 0 }, run.End?.Detail ?? "the guest did not come to its exit");
            var result = run.Result();
            var (fates, waiting) = (result.Boards[0].Fates, result.Boards[0].Masked);
            foreach (var vcpu in result.Vcpus)
            {
                fates.Add(in vcpu.HeldFates);
            }

            Assert.Equal((seed, 0L, 0L), (seed, fates.Open, waiting));
            Assert.True(fates.Handled > 20, $"only {fates.Handled} were handled");
            long Sum(string name) => Enumerable.Range(0, ArmChurnGuest.Vcpus).Sum(vcpu => run.Counter(vcpu, name));
            Assert.Equal((seed, Sum("sent"), Sum("level_raised")), (seed, Sum("messages_seen"), Sum("level_seen")));
        }
    }

    [Fact]
    public void Rows_of_an_actor_have_names_of_their_own()
    {
        using var run = New(1, new EngineOptions()).ToEnd();
        foreach (var actor in run.Engine.Groups.SelectMany(group => group.Actors).Where(actor => actor is GicActor or ArmVcpu or ArmBoundary))
        {
            var lister = new StateLister();
            actor.SyncState(lister);
            Assert.Empty(lister.Rows.GroupBy(row => row.Key).Where(same => same.Count() > 1).Select(same => same.Key));
        }
    }

    private static GuestRun New(
        ulong seed, EngineOptions options, string profile = "kvm", MessageDelivery msi = MessageDelivery.Irqfd, BigLock bigLock = BigLock.On, long latency = 25) => new(
        ArmChurnGuest.Source(Rounds, ("message_period", "41us"), ("level_period", "83us"), ("pause", "17us")),
        ArmChurnGuest.Vcpus,
        Costs(latency),
        seed,
        options,
        VirtualTime.FromNanoseconds(20_000_000),
        profile: GicProfiles.Find(profile),
        settings: new MachineSettings { Msi = msi, BigLock = bigLock });

    /// <summary>As today's servers have them: then the guest is ahead of its interrupts.</summary>
    private static CostProfile Costs(long latency)
    {
        var costs = GuestRun.Costs(("kernelAccess", 460), ("userAccess", 1_700), ("hypercall", 310), ("injectionIoctl", 200), ("kickIdle", 600), ("kickRunning", 400), ("wakeRunning", 800), ("wakeIdle", 4_000));
        return costs with { BetweenGroups = costs.BetweenGroups with { Latency = VirtualTime.FromNanoseconds(latency) } };
    }

    private static ReadOnlyMemory<byte> Save(GuestRun run)
    {
        var writer = new StateWriter();
        run.Engine.SyncState(writer);
        return writer.Written;
    }
}
