using Trapline.Machines.Results;

namespace Trapline.Host.Tests;

/// <summary>Reports as a session would give them.</summary>
internal static class Fakes
{
    public static RunReport Report(params VariantReport[] variants) => new()
    {
        Scenario = "ipi-multicast",
        Seed = 7,
        Digest = "00112233445566778899aabbccddeeff",
        VirtualNs = variants.Sum(variant => variant.VirtualNs),
        WallSeconds = 0.5,
        Messages = 123_456,
        Windows = 789,
        Threads = 2,
        Nodes = 1,
        EndReason = variants[^1].EndReason,
        Variants = variants,
        Warnings = [],
    };

    public static VariantReport Variant(string name = "ipi-multicast", int vcpus = 2) => new()
    {
        Name = name,
        Parameters = name.Split(' ').Where(part => part.Contains('=')).Append("rounds=1000").ToDictionary(part => part.Split('=')[0], part => part.Split('=')[1]),
        Digest = "deadbeef445566778899aabbccddeeff",
        VirtualNs = 1_234_567.5m,
        WallSeconds = 0.25,
        Messages = 12_345,
        Windows = 456,
        EndReason = "exit",
        EndDetail = "vcpu0 executed exit 0",
        Exits =
        [
            new("ipi_write IPI_SEND", 1_000, 0.5, 0.75, 2_571m, 2_571.25m, 2_601m),
            new("idle", 1_000, 0.5, 0.25, 6_820m, 14_000m, 14_380m),
        ],
        Latencies = [new("ipi vcpu->vcpu", 1_000, 6_672.5m, 6_700m, 7_000m, 8_000m)],
        Interrupts = new(1_000, 990, 5, 3, 2, 0),
        Vcpus = [.. Enumerable.Range(0, vcpus).Select(index => Vcpu(index, index == 0 ? 0 : 500))],
        Counters = new Dictionary<string, long> { ["ipi_write_exits"] = 2_000, ["rounds"] = 1_000 },
        Sections = [],
        Marks = [new("finished", 0, 1_234_000m, 1_000)],
        Expectations = [new("endReason == \"exit\"", true, "'exit' == 'exit'"), new("exits() == 3", false, "2000 == 3")],
        Violations = [],
        Faults = [],
        SeedDecided = true,
        ExitCode = 0,
        Lost = [],
        SentToNobody = 0,
    };

    public static VcpuInterrupts Vcpu(int index, long taken)
        => new(index, new Dictionary<string, long> { ["IPI"] = taken }, new(taken, taken, 0, 0, 0, 0));
}
