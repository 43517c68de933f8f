using Trapline.Actors.Kernel;
using Trapline.Messages;

namespace Trapline.Bench.Phold;

/// <summary>
/// One size of PHOLD. Times are in units of the mean delay; a unit is 10^9 ps, the resolution of the bare loop.
/// </summary>
/// <param name="Processes">Logical processes, each a group of its own with one actor.</param>
/// <param name="EventsEach">Messages that each process starts with; as many wait all the time.</param>
/// <param name="Remote">Probability that a target is drawn from all processes; else it is the sender.</param>
/// <param name="Lookahead">Least delay, and the latency of all paths.</param>
/// <param name="End">Nothing due then or later is handled.</param>
internal sealed record PholdModel(int Processes, int EventsEach, double Remote, double Lookahead, double End)
{
    public const double PicosecondsPerUnit = 1e9;

    public static readonly IReadOnlyList<PholdModel> Rows =
    [
        new(256, 1, 0.25, 0.1, 20_000),
        new(1_024, 16, 0.10, 0.1, 300),
        new(16_384, 16, 0.10, 0.1, 30),
        new(65_536, 16, 0.10, 0.1, 8),
        new(256, 16, 0.25, 0.5, 1_000),
    ];

    public string Name => $"{Processes}x{EventsEach}";

    public VirtualTime Until => new((long)(End * PicosecondsPerUnit));

    /// <summary>The plan as a scenario's machine has one: registered actors, declared paths, the limits of every run.</summary>
    public SimulationPlan Plan()
    {
        var latency = new VirtualTime((long)(Lookahead * PicosecondsPerUnit));
        var paths = new PathTable(["process"], (_, _) => new PathTable.Path(latency, Unordered: true));
        return new SimulationPlan([.. Enumerable.Range(0, Processes).Select(Group)], paths, seed: 1, new SimulationLimits());
    }

    private GroupPlan Group(int index)
    {
        var address = PholdProcess.At(index);
        return new GroupPlan($"process{index}", 0, [address], () => [new PholdProcess(address, this)]);
    }
}
