using Trapline.Devices.Arm.Its;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;
using Trapline.Devices.Tests.Laws;

namespace Trapline.Devices.Tests.Arm;

/// <summary>An LPI has one owner, whatever the messages between board and CPUs do on their way.</summary>
public sealed class LpiStoreTests
{
    private const ulong Doorbell = 0x1001_0040;
    private const ulong Properties = ItsRam.Start + 0x40_0000;
    private const ulong PendingTables = ItsRam.Start + 0x50_0000;

    private readonly LawWorld _world = new();
    private readonly ItsRam _ram = new();
    private readonly ItsCpus _cpus;

    public LpiStoreTests() => _cpus = new ItsCpus(_world, 4) { PropertyTable = Properties, PendingTables = PendingTables };

    public static TheoryData<string> Profiles => ["kvm", "qemu-11"];

    /// <summary>The CPU has served it, and its release is on its way, when the next message comes.</summary>
    [Theory, MemberData(nameof(Profiles))]
    public void A_release_that_a_hand_over_has_overtaken_is_not_looked_at(string profile)
    {
        var group = Mapped(profile);
        Assert.Equal(1, Signal(group));
        Assert.Equal(8193, _cpus.Acknowledge(0));
        Assert.Equal(1, Signal(group));
        _cpus.DeliverRelease(group.Lpis);
        Assert.True(group.Lpis.IsHeld(0, 8193));
        Assert.Equal(8193, _cpus.Acknowledge(0));
        _cpus.DeliverRelease(group.Lpis);
        Assert.False(group.Lpis.IsHeld(0, 8193));
        Assert.Equal(0, Pending(8193));
    }

    /// <summary>The CPU has served it; the recall does not find it there, and the release that comes after is of no interest.</summary>
    [Theory, MemberData(nameof(Profiles))]
    public void A_recall_that_comes_too_late_finds_it_served(string profile)
    {
        var group = Mapped(profile);
        Assert.Equal(1, Signal(group));
        Assert.Equal(8193, _cpus.Acknowledge(0));
        Do(group, ItsBench.Movi(1, 1, 1));
        Assert.Equal(0, _cpus.HeldBy(1));
        Assert.Equal(1, Signal(group));
        Assert.Equal(1, _cpus.HeldBy(1));
        _cpus.DeliverRelease(group.Lpis);
        Assert.True(group.Lpis.IsHeld(1, 8193));
        Assert.Equal(8193, _cpus.Acknowledge(1));
        _cpus.DeliverRelease(group.Lpis);
        Assert.Equal(0, Pending(8193));
    }

    /// <summary>Any number of messages while one is pending are one interrupt.</summary>
    [Theory, MemberData(nameof(Profiles))]
    public void Messages_of_a_pending_LPI_are_one(string profile)
    {
        var group = Mapped(profile);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(1, Signal(group));
        }

        Assert.Equal(8193, _cpus.Acknowledge(0));
        _cpus.DeliverRelease(group.Lpis);
        Assert.Equal(1023, _cpus.Acknowledge(0));
        Assert.False(group.Lpis.IsHeld(0, 8193));
    }

    /// <summary>Many of several blocks come back with one recall for each block.</summary>
    [Fact]
    public void Recalls_are_by_blocks_of_32()
    {
        var group = Mapped("kvm");
        for (uint i = 2; i < 100; i++)
        {
            _ = _ram.TryWrite(Properties + i, 1, 0xA3);
            Do(group, ItsBench.Mapti(1, i, 8192 + i, 0), ItsBench.Int(1, i));
        }

        var recalls = new List<Recall>();
        group.Lpis.CollectRecallsOfVcpu(0, recalls);
        Assert.Equal([new Recall(0, 8192, 0xFFFF_FFFC), new Recall(0, 8224, uint.MaxValue), new Recall(0, 8256, uint.MaxValue), new Recall(0, 8288, 0xF)], recalls);
    }

    /// <summary>A recall leads to a hand-over again where nothing has changed.</summary>
    [Theory, MemberData(nameof(Profiles))]
    public void What_comes_back_is_handed_on(string profile)
    {
        var group = Mapped(profile);
        Assert.Equal(1, Signal(group));
        _cpus.Fetch(group.Lpis, group.Lpis.CollectAllRecalls);
        Assert.Equal(0, _cpus.HeldBy(0));

        // That it has come back and is to be handed on is state.
        var copy = new ItsGroup(_cpus, GicProfiles.Find(profile)!, _ram, _cpus);
        RawState.Copy(group.SyncState, copy.SyncState);
        copy.Lpis.Settle();
        Assert.Equal(1, _cpus.HeldBy(0));
    }

    /// <summary>
    /// While what INVALL has asked for is on its way, a guest switches off an LPI of which nothing had changed. INVALL has not seen that; to
    /// take note of it without taking the LPI back would hide it from the next one.
    /// </summary>
    [Fact]
    public void INVALL_sees_of_what_a_CPU_has_what_it_asked_for()
    {
        var group = Mapped("kvm");
        _ = _ram.TryWrite(Properties + 2, 1, 0xA3);
        Do(group, ItsBench.Mapti(1, 2, 8194, 0), ItsBench.Int(1, 1), ItsBench.Int(1, 2));
        _ = _ram.TryWrite(Properties + 1, 1, 0x83);
        _cpus.Fetch(group.Lpis, recalls => group.Lpis.CollectRecallsForInvalidation(0, recalls));
        Assert.Equal(1, _cpus.HeldBy(0));
        _ = _ram.TryWrite(Properties + 2, 1, 0xA2);
        group.Lpis.InvalidateAll(0);
        Assert.Equal(2, _cpus.HeldBy(0));
        _cpus.Fetch(group.Lpis, recalls => group.Lpis.CollectRecallsForInvalidation(0, recalls));
        group.Lpis.InvalidateAll(0);
        Assert.False(group.Lpis.IsHeld(0, 8194));
    }

    /// <summary>Deleted and made again, an LPI does not take a release of its former life for its own.</summary>
    [Theory, MemberData(nameof(Profiles))]
    public void An_LPI_that_is_made_again_counts_on(string profile)
    {
        var group = Mapped(profile);
        Assert.Equal(1, Signal(group));
        Assert.Equal(8193, _cpus.Acknowledge(0));
        Do(group, ItsBench.Discard(1, 1), ItsBench.Mapti(1, 1, 8193, 0));
        Assert.Equal(1, Signal(group));
        _cpus.DeliverRelease(group.Lpis);
        Assert.True(group.Lpis.IsHeld(0, 8193));
        Assert.Equal(1, _cpus.HeldBy(0));
    }

    private static int Signal(ItsGroup group) => group.Signal(Doorbell, 1, 1, 1);

    private int Pending(int interrupt) => _ram.TryRead(PendingTables + (ulong)(interrupt / 8), 1, out var value) ? (int)value : -1;

    private void Do(ItsGroup group, params ReadOnlySpan<ItsCommand> commands)
    {
        var unit = group[0];
        foreach (var command in commands)
        {
            var at = unit.Read(ItsOffsets.QueueWrite, 8);
            _ = _ram.TryWrite(ItsRam.Start + at, 8, command.Word0) && _ram.TryWrite(ItsRam.Start + at + 8, 8, command.Word1);
            _ = _ram.TryWrite(ItsRam.Start + at + 16, 8, command.Word2) && _ram.TryWrite(ItsRam.Start + at + 24, 8, command.Word3);
            unit.Write(ItsOffsets.QueueWrite, 8, (at + 32) % 0x1_0000);
            while (unit.HasCommands)
            {
                _cpus.Fetch(group.Lpis, unit.CollectRecalls);
                unit.ExecuteNext();
            }
        }
    }

    /// <summary>Event 1 of device 1 is LPI 8193 of vCPU 0; collection n goes to vCPU n.</summary>
    private ItsGroup Mapped(string profile)
    {
        var group = new ItsGroup(_cpus, GicProfiles.Find(profile)!, _ram, _cpus);
        Assert.Equal(0, group.Create());
        group[0].Base = 0x1000_0000;
        group[0].Write(ItsOffsets.TableBase, 8, (1UL << 63) | (ItsRam.Start + 0x10_0200));
        group[0].Write(ItsOffsets.TableBase + 8, 8, (1UL << 63) | (ItsRam.Start + 0x20_0200));
        group[0].Write(ItsOffsets.QueueBase, 8, (1UL << 63) | ItsRam.Start | 0xF);
        group[0].Write(ItsOffsets.Control, 4, 1);
        _ = _ram.TryWrite(Properties + 1, 1, 0xA3);
        Assert.Equal(Errno.InvalidArgument, group.Signal(0x1002_0040, 1, 1, 1));
        for (var vcpu = 0; vcpu < _cpus.Vcpus; vcpu++)
        {
            _cpus.SetLpisEnabled(vcpu, true);
            group.Lpis.EnableLpis(vcpu);
        }

        Do(group, ItsBench.Mapd(1, ItsRam.Start + 0x30_0000, 9), ItsBench.Mapc(0, 0), ItsBench.Mapc(1, 1), ItsBench.Mapti(1, 1, 8193, 0));
        return group;
    }
}
