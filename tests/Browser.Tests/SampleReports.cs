using Trapline.Cluster.Traces.Rounds;
using Trapline.Machines.Results;
using Trapline.Machines.Results.Migrations;
using Trapline.Messages;

namespace Trapline.Browser.Tests;

/// <summary>Reports of every shape that the page must show well.</summary>
internal static class SampleReports
{
    public const string Hostile = "<script>alert('x')</script>\"><img src=http://example.invalid/a.png onerror=alert(1)>\u0001\u202e&amp;'";

    public static RunReport One => Report([Variant("my-first", 2, 82)]);

    /// <summary>A matrix of 2 × 8, whose exits span decades, with a lock.</summary>
    public static RunReport Matrix => Report([.. from irqchip in (string[])["kernel", "user"] from vcpus in (int[])[2, 4, 8, 16, 32, 64, 128, 256] select Variant($"irqchip={irqchip} vcpus={vcpus}", vcpus, 40L * vcpus * vcpus)]);

    /// <summary>More variants than the charts show.</summary>
    public static RunReport Many => Report([.. from period in Enumerable.Range(1, 20) from vcpus in Enumerable.Range(1, 12) select Variant($"period={period}us vcpus={vcpus}", vcpus, 1000 + vcpus)]);

    public static RunReport Failed => Report([Variant("vcpus=2", 2, 100), Variant("vcpus=4", 4, 90) with
    {
        EndReason = "assertion",
        EndDetail = "vcpu1: assertion \"slept with work to do\" failed at guests/mine.guest:41, at 3.1us",
        Expectations = [new("counter(\"done\") == 4", false, "3 == 4")],
        Violations = [new ViolationRow("raise-lost", 2_400, "eiointc0", "vector 16 was raised and vanished", [new LifeRow(2_400, "msidevice0", "raised 16"), new LifeRow(2_450, "eiointc0", Hostile)], null)],
    }]);

    public static RunReport HostileNames => Report([Variant(Hostile + new string('W', 300), 2, 10), Variant(Hostile, 2, 20)], Hostile);

    /// <summary>One migration that went well, one that was refused, one that is open, with names that do harm.</summary>
    public static RunReport Migrated => Report(
    [
        Variant("case=kernel", 4, 100) with { Migrations = [Migration(1, 300_000, "resume", 60_000), Migration(2, 1_500_000, "resume", 9_000)] },
        Variant("case=no-ipi-registers", 4, 100) with
        {
            Migrations =
            [
                Migration(1, 300_000, "load", 60_000) with
                {
                    Outcome = "refused", EndedIn = "load", RunsAt = 0, FailedSide = "destination", Error = "EINVAL at eiointc-registers", Tamper = ["omit ipi-registers", Hostile],
                    RegistersCompared = 3, RegistersChanged = 2, Registers = [new("ipi0", "en", "0xffffffff", "0x0", true, "left out: " + Hostile), new("vcpu0", "estat", "0x1000", "0x0", true, ""), new("vcpu0", "crmd", "0xb0", "0xb0", false, "")],
                },
                Migration(2, 900_000, "precopy", 1) with { Outcome = "open", EndedIn = "precopy", EndedNs = null, TotalNs = null },
            ],
        },
    ]);

    /// <summary>More lanes than are drawn, names that are too long, all kinds of items.</summary>
    public static Round Round(string variant) => new(
        variant, "from the first mark round of vcpu0 to its next one", VirtualTime.FromNanoseconds(50), VirtualTime.FromNanoseconds(20_050), true,
        [.. Enumerable.Range(0, 40).Select(lane => new RoundLane(lane == 7 ? Hostile : $"vcpu{lane}", lane < 30, [.. Enum.GetValues<RoundItemKind>().Select((kind, i) => Item(kind, (lane * 100) + (i * 2_000)))]))]);

    private static RoundItem Item(RoundItemKind kind, int ns) => new(
        kind, VirtualTime.FromNanoseconds(50 + ns), VirtualTime.FromNanoseconds(50 + ns + (kind <= RoundItemKind.Handler ? 1_500 : 0)), $"{kind}, {Hostile}");

    public static RunReport Report(IReadOnlyList<VariantReport> variants, string scenario = "sample") => new()
    {
        Scenario = scenario,
        Seed = 7,
        Digest = "00112233445566778899aabbccddeeff",
        VirtualNs = variants.Sum(variant => variant.VirtualNs),
        WallSeconds = 0.5,
        Messages = 123_456,
        Windows = 789,
        Threads = 2,
        Nodes = 1,
        EndReason = "exit",
        Variants = variants,
        Warnings = [scenario],
    };

    public static VariantReport Variant(string name, int vcpus, long exits) => new()
    {
        Name = name,
        Parameters = name.Split(' ').Where(part => part.Contains('=') && !part.Contains('<')).ToDictionary(part => part.Split('=')[0], part => part.Split('=')[1]),
        Digest = "deadbeef445566778899aabbccddeeff",
        VirtualNs = 100_000m * vcpus,
        WallSeconds = 0.25,
        Faults = [],
        Sections = [],
        Messages = 12_345,
        Windows = 456,
        EndReason = "exit",
        EndDetail = "vcpu0 executed exit 0",
        Exits = [.. Exits(exits)],
        Latencies = [Latency("ipi vcpu->vcpu", 100L * vcpus), Latency("timer vcpu->vcpu", 3)],
        Locks = [Lock(name.Contains("kernel", StringComparison.Ordinal) ? vcpus / 8 : vcpus, 100_000m * vcpus)],
        Interrupts = new(1_000, 990, 5, 3, 2, 0),
        Vcpus = [],
        Counters = new Dictionary<string, long> { ["ipi_write_exits"] = 2_000, ["rounds"] = 1_000 },
        Marks = [],
        Expectations = [new("endReason == \"exit\"", true, "'exit' == 'exit'")],
        Violations = [],
        SeedDecided = true,
        ExitCode = 0,
        Lost = [],
        SentToNobody = 0,
    };

    private static MigrationRow Migration(int number, decimal at, string last, decimal precopy)
    {
        string[] names = ["setup", "precopy", "stop", "save", "transfer", "load", "handover", "resume"];
        decimal[] lengths = [11_250, precopy, 3_425.025m, 41_800, 5_120, 38_875, 10_050, 12_600];
        var steps = new List<MigrationStepRow>();
        foreach (var (name, length) in names.Zip(lengths).Take(Array.IndexOf(names, last) + 1))
        {
            var begin = steps.Count == 0 ? at : steps[^1].EndNs!.Value;
            steps.Add(new(name, begin, begin + length));
        }

        var stopped = steps.FirstOrDefault(step => step.Step == "stop")?.BeginNs;
        var (end, start) = (steps[^1].EndNs!.Value, steps[1].BeginNs);
        return new()
        {
            Number = number,
            Outcome = "completed",
            From = 0,
            To = 1,
            RunsAt = 1,
            AskedNs = at,
            BeganNs = at,
            EndedNs = end,
            TotalNs = end - at,
            DowntimeNs = stopped is null ? null : end - 2_000 - stopped,
            ResumedNs = stopped is null ? null : end - 2_000,
            EndedIn = last,
            FailedSide = null,
            Error = null,
            Steps = steps,
            Rounds = [new(start, start + (precopy * 0.7m), 21, 12, 88_352), new(start + (precopy * 0.72m), start + precopy, 6, 0, 24_768), .. stopped is null ? [] : (MigrationRoundRow[])[new(steps[3].BeginNs, steps[3].BeginNs + 9_000, 3, 0, 12_384)]],
            Bytes = 131_072,
            StateBytes = 5_568,
            StateItems = 1_234,
            Pending = stopped is null ? null : new(2, 1, 0, 3, 4),
            Tamper = [],
            RegistersCompared = 40,
            RegistersChanged = 0,
            Registers = [.. Enumerable.Range(0, 40).Select(i => new RegisterChange($"vcpu{i / 10}", $"gpr[{i % 10}]", $"0x{i * 4096:x}", $"0x{i * 4096:x}", false, ""))],
        };
    }

    private static IEnumerable<ExitRow> Exits(long total)
    {
        string[] reasons = ["ipi_write IPI_SEND", "ipi_read STATUS", "ipi_write CLEAR", "idle", "int", "hypercall", "cpucfg", "ipi_write EN", "mmio_read UART", "mmio_write UART"];
        for (var (i, left) = (0, total); i < reasons.Length; i++)
        {
            var count = i == reasons.Length - 1 ? left : left / 3;
            left -= count;
            if (count > 0)
            {
                yield return new(reasons[i], count, (double)count / total, (double)count / total, 1_801m, 2_571.25m, 14_380m);
            }
        }
    }

    private static LatencyRow Latency(string path, long count)
    {
        var steps = Math.Min(count, 50);
        return new(path, count, 6_672.5m, 9_000m, 12_000m, 6_000m + (steps * 400))
        {
            Curve = [.. Enumerable.Range(0, (int)steps).Select(i => new CurvePoint(6_000m + (i * 400), (count / steps) + (i == 0 ? count % steps : 0)))],
        };
    }

    private static LockRow Lock(int queue, decimal end)
        => new("vmm", queue * 100, queue * 50, queue * 5_000m, queue * 800m, queue, [.. Enumerable.Range(0, 40).Select(i => new CurvePoint(end * i / 40, queue * (20 - Math.Abs(20 - i)) / 20))]);
}
