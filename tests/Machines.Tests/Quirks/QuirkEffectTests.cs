using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Machines.Boards;
using Trapline.Machines.Quirks;
using Trapline.Machines.Tests.Guests;
using Xunit;

namespace Trapline.Machines.Tests.Quirks;

/// <summary>Every quirk shows, and without it all is well.</summary>
public sealed class QuirkEffectTests
{
    private const uint Registers = EiointcUapi.RegistersGroup;

    /// <summary>What is looked at, what it is without the quirk, what with it.</summary>
    private static readonly Dictionary<string, (Func<QuirkSet, object> Look, object Well, object Wrong)> Effects = new()
    {
        ["second-bitmap"] = (quirks => new QuirkBench(quirks).Targets(1, 1), "10 74", "10 10"),
        ["bitmap-unread"] = (quirks => new QuirkBench(quirks).Targets(1, 1), "10 74", ""),
        ["id-map-wrong-register"] = (SecondId, (Errno.InvalidArgument, CpuIdMap.None), (0, 0)),
        ["ipi-feature-not-enforced"] = (quirks => new QuirkBench(quirks).Call(1, 1, withIpi: false), Hypercalls.InvalidCode, Hypercalls.Success),
        ["unknown-notify-succeeds"] = (quirks => new QuirkBench(quirks).Call(2, 1), Hypercalls.InvalidCode, Hypercalls.Success),
        ["stuck-message-word"] = (quirks => new QuirkBench(quirks).Call(1, 1), Hypercalls.Success, Hypercalls.InvalidCode),

        ["ipi-set-refused"] = (quirks => After(quirks, bench => bench.Write(0x1008, 4, 2)).Read(0, 0x1000), 2ul, 0ul),
        ["mail-send-by-bus"] = (quirks => After(quirks, bench => bench.Write(0x1048, 8, 0x10000)).WritesCountedAt(1), 0ul, 1ul),
        ["rejected-access-exits"] = (quirks => new QuirkBench(quirks).Write(0x1000, 4, 1), AccessOutcome.Done, AccessOutcome.UserSpace),
        ["unknown-target-exits"] = (quirks => new QuirkBench(quirks).Write(0x1048, 8, 0x90000), AccessOutcome.Done, AccessOutcome.UserSpace),
        ["unknown-target-crashes"] = (quirks => After(quirks, bench => bench.Write(0x1048, 8, 0x90000)).Refused, 0, 1),
        ["any-send-row-of-cpu0"] = (quirks => AtCpu1(quirks, bench => bench.Write(0x1158, 8, 0x20_0001_1800)).Pending(1), 0ul, 0x20ul),

        ["enable-index-reused"] = (quirks => Vectors(quirks, [8], bench => bench.Write(0x1600, 4, 1)).Pending(0), 0ul, 0x100ul),
        ["cpu-count-unchecked"] = (quirks => CpuCount(quirks, 257), Errno.InvalidArgument, 0),
        ["vcpus-255"] = (quirks => CpuCount(quirks, 256), 0, Errno.InvalidArgument),
        ["status-writable"] = (quirks => After(quirks, bench => bench.Set(EiointcUapi.StatusGroup, 0, 7)).Get(EiointcUapi.StatusGroup, 0), 2u, 7u),
        ["coremap-number-is-index"] = (quirks => Vectors(new QuirkBench(quirks, swapped: true), [5], bench => bench.Write(0x1C05, 1, 2)).Pending(1), 0ul, 0x20ul),
        ["coremap-absent-is-nowhere"] = (quirks => Vectors(quirks, [5], bench => bench.Write(0x1C05, 1, 8)).Pending(0), 0x20ul, 0ul),
        ["misaligned-rounded"] = (quirks => After(quirks, bench => bench.Write(0x1602, 4, 0)).Read(0, 0x1600), ulong.MaxValue, 0ul),
        ["coremap-empty-is-nobody"] = (quirks => AtCpu1(quirks, bench => bench.Write(0x1C05, 1, 0)).Pending(0), 0x20ul, 0ul),
        ["attribute-offset-scaled"] = (quirks => After(quirks, bench => bench.Set(Registers, 0x204, 3)).Get(Registers, 0x204), 3u, 0u),
        ["load-raw-coremap"] = (quirks => DrivesAfterLoad(quirks), 0, 2),
        ["reroute-by-first-vector"] = (quirks => Vectors(quirks, [9], bench => bench.Write(0x1C09, 1, 2)).Pending(1), 0x200ul, 0ul),
        ["coreisr-of-cpu0"] = (quirks => AtCpu1(quirks, _ => { }).Pending(1), 0x20ul, 0ul),
        ["coreisr-window"] = (quirks => AtCpu1(quirks, _ => { }).Read(0, 0x1820), 0ul, 0x20ul),

        ["mask-withdraws"] = (quirks => Pins(quirks, bench => bench.Pic.Write(0x20, 8, ulong.MaxValue)).Pending(0), 4ul, 0ul),
        ["falling-edge-withdraws"] = (quirks => Pins(quirks, bench => bench.Pic.Input(2, false), edge: 4).Pending(0), 4ul, 0ul),
        ["upper-half-not-unmasked"] = (quirks => After(quirks, UnmaskPin40).Pending(0), 1ul << 40, 0ul),
        ["lowest-pin-only"] = (quirks => Pins(quirks, _ => { }, also: 3).Pending(0), 0xCul, 4ul),
        ["clear-drops-level-pins"] = (quirks => Pins(quirks, bench => bench.Pic.Write(0x80, 8, 0xC), edge: 8).ReadPic(0x380), 4ul, 0ul),
        ["unmasked-after-reset"] = (quirks => new QuirkBench(quirks).ReadPic(0x20), ulong.MaxValue, 0ul),
        ["pic-status-unreadable"] = (quirks => Pins(quirks, _ => { }).ReadPic(0x380), 4ul, 0ul),
        ["pic-fixed-widths"] = (quirks => After(quirks, bench => bench.Pic.Write(0x20, 8, 0)).ReadPic(0x24, 4), 0ul, ulong.MaxValue),
        ["int-id-repeats"] = (quirks => (uint)new QuirkBench(quirks).ReadPic(4, 4), 0x001F0001u, 0x07000000u),
        ["route-and-polarity-constant"] = (quirks => After(quirks, bench => bench.Pic.Write(0x3E0, 8, 1)).ReadPic(0x3E0), 1ul, 0ul),

        ["stale-upper-bytes"] = (quirks => RegisterAfterRead(quirks), 0ul, 0xFFFFFFFF_00000000),
        ["timer-restore-fires"] = (quirks => new QuirkBench(quirks).TickAfterRestore(0x401, 0x200), false, true),
        ["timer-expired-fires-again"] = (quirks => new QuirkBench(quirks).TickAfterRestore(0x401, (1ul << 48) - 5), false, true),

        ["movall-moves-all"] = (GicQuirkEffects.MoveAll, "8195", "8195 8196"),
        ["baser-drops-when-invalid"] = (GicQuirkEffects.OtherTable, "", "8195"),
        ["unmap-leaves-memory"] = (GicQuirkEffects.EntryAfterUnmap, 0ul, 0x8000000008460E07ul),
        ["save-fails-on-unreachable"] = (GicQuirkEffects.SaveUnreachable, 0, Errno.InvalidArgument),
        ["restore-takes-wide-devices"] = (GicQuirkEffects.RestoreWide, Errno.InvalidArgument, 0),
        ["revision-write-ignored"] = (GicQuirkEffects.Revision, 0x4B00243Bul, 0x4B00343Bul),
        ["dir-of-other-cpu-lost"] = (GicQuirkEffects.ActiveAfterDirect, false, true),
        ["targets-by-index"] = (GicQuirkEffects.TargetOfThree, 1, 3),
        ["disabled-lpis-stay-pending"] = (GicQuirkEffects.AfterDisable, "", "8195"),
    };

    public static TheoryData<string> Names => [.. QuirkTable.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_quirk_shows_and_nothing_is_wrong_without_it(string name)
    {
        Assert.True(Effects.TryGetValue(name, out var effect), $"no test says what {name} does");
        Assert.Equal(effect.Well, effect.Look(QuirkSet.None));
        Assert.Equal(effect.Wrong, effect.Look(new QuirkSet([QuirkTable.Find(name)!])));
    }

    private static QuirkBench After(QuirkSet quirks, Action<QuirkBench> act)
    {
        var bench = new QuirkBench(quirks);
        act(bench);
        return bench;
    }

    /// <summary>Vectors are raised, then something happens.</summary>
    private static QuirkBench Vectors(QuirkSet quirks, int[] vectors, Action<QuirkBench> act) => Vectors(new QuirkBench(quirks), vectors, act);

    private static QuirkBench Vectors(QuirkBench bench, int[] vectors, Action<QuirkBench> act)
    {
        foreach (var vector in vectors)
        {
            bench.Eiointc.Input(vector, true);
        }

        act(bench);
        return bench;
    }

    /// <summary>Vector 5 is pending at CPU 1.</summary>
    private static QuirkBench AtCpu1(QuirkSet quirks, Action<QuirkBench> act)
    {
        var bench = new QuirkBench(quirks);
        bench.Write(0x1C05, 1, 2);
        return Vectors(bench, [5], act);
    }

    /// <summary>Pin 2, and perhaps another, is high when it is unmasked.</summary>
    private static QuirkBench Pins(QuirkSet quirks, Action<QuirkBench> act, ulong edge = 0, int also = 2)
    {
        var bench = new QuirkBench(quirks);
        bench.Pic.Write(0x20, 8, ulong.MaxValue);
        bench.Pic.Write(0x60, 8, edge);
        bench.Pic.Input(2, true);
        bench.Pic.Input(also, true);
        if (edge > 4)
        {
            bench.Pic.Input(3, true);
        }

        bench.Pic.Write(0x20, 8, ~0xCul);
        act(bench);
        return bench;
    }

    private static void UnmaskPin40(QuirkBench bench)
    {
        bench.Pic.Write(0x20, 8, ulong.MaxValue);
        bench.Pic.Input(40, true);
        bench.Pic.Write(0x24, 4, ~0x100u);
    }

    private static int CpuCount(QuirkSet quirks, uint count) =>
        new QuirkBench(quirks).Set(EiointcUapi.ControlGroup, EiointcUapi.ControlInitializeCpuCount, count);

    /// <summary>Vectors 5 and 6 go to CPU 0 by bitmap, 5 is restored as pending there; then 6 comes and goes, and the line should stay.</summary>
    private static int DrivesAfterLoad(QuirkSet quirks)
    {
        var bench = new QuirkBench(quirks);
        foreach (var (offset, value) in new[] { (0x804ul, 0x00010100u), (0x200ul, 0x60u), (0x300ul, 0x20u), (0x400ul, 0x20u) })
        {
            Assert.Equal(0, bench.Set(Registers, offset, value));
        }

        Assert.Equal(0, bench.Set(EiointcUapi.ControlGroup, EiointcUapi.ControlLoadFinished, 0));
        bench.Eiointc.Input(6, true);
        bench.Eiointc.Input(6, false);
        return bench.Drives;
    }

    /// <summary>What a vCPU that has an id is told when it asks for another, and whose that is then.</summary>
    private static object SecondId(QuirkSet quirks)
    {
        var map = new CpuIdMap(2, quirks.ApplyTo(ParavirtProfiles.Final).MapReadsWrongRegister);
        Assert.Equal(0, map.TryAssign(0, 5));
        return (map.TryAssign(0, 7), map.Find(7));
    }

    private static ulong RegisterAfterRead(QuirkSet quirks)
    {
        using var run = new GuestRun(
            """
            .arch loongarch
            start:
                li t0, -1
                iocsr.read.w t0, [0x1680]
                mark read, t0
                exit 0
            """,
            settings: new MachineSettings { Quirks = quirks });
        run.ToEnd();
        return run.Marks(0, "read").Single().Value;
    }
}
