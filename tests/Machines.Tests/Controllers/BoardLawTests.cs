using System.Numerics;
using Trapline.Actors.Kernel;
using Trapline.Actors.LoongArch;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Machines.Boards;
using Trapline.Machines.Tests.Guests;
using Trapline.Messages;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Machines.Tests.Controllers;

/// <summary>The laws of the whole machine, with interrupts of every device on their way.</summary>
public sealed class BoardLawTests
{
    private const int Rounds = 12;

    public static TheoryData<Irqchip, BigLock, MessageDelivery> Settings => new()
    {
        { Irqchip.Kernel, BigLock.On, MessageDelivery.Irqfd },
        { Irqchip.Kernel, BigLock.Off, MessageDelivery.Ioctl },
        { Irqchip.User, BigLock.On, MessageDelivery.Irqfd },
        { Irqchip.User, BigLock.Off, MessageDelivery.Irqfd },
        { Irqchip.User, BigLock.On, MessageDelivery.Ioctl },
    };

    public static TheoryData<string> Profiles => [.. LoongArchProfiles.All.Select(profile => profile.Name)];

    [Theory]
    [MemberData(nameof(Profiles))]
    public void The_length_of_windows_changes_no_digest(string profile)
    {
        using var longest = New(1, Window(25), profile).ToEnd();
        using var middle = New(1, Window(11), profile).ToEnd();
        using var shortest = New(1, Window(3), profile).ToEnd();
        Assert.Equal(EndReason.Exit, longest.End?.Reason);
        Assert.Equal((longest.Digest(), longest.Digest()), (middle.Digest(), shortest.Digest()));
    }

    [Fact]
    public void The_number_of_threads_changes_no_digest()
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            using var one = New(seed, new EngineOptions()).ToEnd();
            using var two = New(seed, new EngineOptions { Threads = 2 }).ToEnd();
            using var four = New(seed, new EngineOptions { Threads = 4 }).ToEnd();
            Assert.Equal((one.Digest(), one.Digest()), (two.Digest(), four.Digest()));
        }
    }

    [Fact]
    public void Another_seed_gives_another_digest()
    {
        using var one = New(1, new EngineOptions()).ToEnd();
        using var other = New(2, new EngineOptions()).ToEnd();
        Assert.NotEqual(one.Digest(), other.Digest());
    }

    /// <summary>Saved wherever a call of the board is open or requests wait for a lock, read into a fresh machine, and run on.</summary>
    [Theory]
    [MemberData(nameof(Settings))]
    public void A_run_that_was_saved_in_the_middle_of_open_calls_ends_with_the_same_digest(Irqchip irqchip, BigLock bigLock, MessageDelivery msi)
    {
        var settings = new MachineSettings { Irqchip = irqchip, BigLock = bigLock, Msi = msi };
        using var whole = New(3, new EngineOptions(), latency: 400, settings: settings).ToEnd();
        using var first = New(3, new EngineOptions(), latency: 400, settings: settings);
        Assert.Equal(EndReason.Exit, whole.End?.Reason);
        first.Engine.Start();
        var (saved, waiting, calling) = (0, 0, new HashSet<string>());
        for (long at = 18_000; first.End is null && saved < 25; at += 450)
        {
            first.Engine.Run(VirtualTime.FromNanoseconds(at));
            var rows = BoardRows(first);
            var open = rows.Where(row => row.Key.EndsWith(".calling", StringComparison.Ordinal) && row.Value != 0).Select(row => row.Key).ToArray();
            var waits = rows.Any(row => row.Key.EndsWith(".waiting", StringComparison.Ordinal) && row.Value != 0);
            if (first.End is not null || (open.All(calling.Contains) && !(waits && waiting < 20) && at % 9_000 != 0))
            {
                continue;
            }

            saved++;
            waiting += waits ? 1 : 0;
            calling.UnionWith(open);
            using var second = New(3, new EngineOptions(), latency: 400, settings: settings);
            var state = Save(first);
            var reader = new StateReader(state);
            second.Engine.SyncState(reader);
            reader.Finish();
            Assert.Equal(state.ToArray(), Save(second).ToArray());
            second.Engine.Run(VirtualTime.Never);
            Assert.Equal((at, whole.Digest(), whole.End), (at, second.Digest(), second.End));
        }

        // EIOINTC, PCH-PIC, what is between them and devices were seen in a call, and a lock was waited for.
        Assert.True(calling.Count >= 4 && waiting > 0 && saved > 15, $"{saved} saved, {waiting} with requests that waited, calls of {string.Join(", ", calling)}");
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Windows_and_threads_change_no_digest_wherever_the_controllers_are(Irqchip irqchip, BigLock bigLock, MessageDelivery msi)
    {
        var settings = new MachineSettings { Irqchip = irqchip, BigLock = bigLock, Msi = msi };
        using var longest = New(1, Window(25), settings: settings).ToEnd();
        using var shortest = New(1, Window(3), settings: settings).ToEnd();
        using var threads = New(1, new EngineOptions { Threads = 2 }, settings: settings).ToEnd();
        Assert.Equal(EndReason.Exit, longest.End?.Reason);
        Assert.Equal((longest.Digest(), longest.Digest()), (shortest.Digest(), threads.Digest()));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Each_raise_has_one_fate(string profile)
    {
        var (handled, coalesced) = (0L, 0L);
        for (ulong seed = 1; seed <= 8; seed++)
        {
            using var run = New(seed, new EngineOptions(), profile).ToEnd();
            var fates = run.OnBoard<EiointcActor>().Fates;
            var rows = BoardRows(run);
            var pending = rows.Where(row => row.Key.Contains("COREISR64", StringComparison.Ordinal)).Sum(row => BitOperations.PopCount(row.Value));
            Assert.Equal((seed, pending), (seed, fates.Open - run.OnBoard<EiointcActor>().Masked));
            Assert.Equal(EndReason.Exit, run.End?.Reason);
            handled += fates.Handled;
            coalesced += fates.Coalesced;
        }

        Assert.True(handled > 400 && coalesced > 0, $"{handled} handled, {coalesced} coalesced: nothing was tested");
    }

    [Fact]
    public void Rows_of_an_actor_have_names_of_their_own()
    {
        using var run = New(1, new EngineOptions()).ToEnd();
        foreach (var actor in run.Engine.Groups.Last().Actors)
        {
            var lister = new StateLister();
            actor.SyncState(lister);
            Assert.Empty(lister.Rows.GroupBy(row => row.Key).Where(same => same.Count() > 1).Select(same => same.Key));
        }
    }

    [Fact]
    public void A_message_in_the_middle_of_a_long_run_allocates_nothing()
    {
        using var run = new GuestRun(ChurnGuest.Source(100_000), ChurnGuest.Vcpus, until: VirtualTime.FromNanoseconds(100_000_000));
        run.Engine.Start();
        run.Engine.Run(VirtualTime.FromNanoseconds(3_000_000));
        var messages = run.Engine.Groups.Sum(group => group.Handled);
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        run.Engine.Run(VirtualTime.FromNanoseconds(40_000_000));
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        messages = run.Engine.Groups.Sum(group => group.Handled) - messages;
        Assert.True(messages > 50_000, $"only {messages} messages");
        Assert.True(bytes < messages, $"{bytes} bytes for {messages} messages");
    }

    private static GuestRun New(ulong seed, EngineOptions options, string profile = "kvm", long latency = 25, MachineSettings? settings = null) => new(
        ChurnGuest.Source(Rounds), ChurnGuest.Vcpus, GuestRun.PathLatency(latency), seed, options, profile: LoongArchProfiles.Find(profile), settings: settings);

    private static EngineOptions Window(long nanoseconds) => new() { Window = VirtualTime.FromNanoseconds(nanoseconds) };

    private static ReadOnlyMemory<byte> Save(GuestRun run)
    {
        var writer = new StateWriter();
        run.Engine.SyncState(writer);
        return writer.Written;
    }

    private static List<KeyValuePair<string, ulong>> BoardRows(GuestRun run)
    {
        var rows = new List<KeyValuePair<string, ulong>>();
        foreach (var actor in run.Engine.Groups.Last().Actors.Where(actor => actor.Address.Role != ActorRole.Eventfd))
        {
            var lister = new StateLister();
            actor.SyncState(lister);
            rows.AddRange(lister.Rows);
        }

        return rows;
    }
}
