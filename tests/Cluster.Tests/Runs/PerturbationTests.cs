using Trapline.Cluster.Runs;
using Trapline.Machines.Results;
using Trapline.Machines.Scenarios;
using Trapline.Messages;
using Xunit;

namespace Trapline.Cluster.Tests.Runs;

/// <summary>What the seed may change where a scenario lets it: each thing by itself, within its bounds, the same on every machine.</summary>
public sealed class PerturbationTests : IDisposable
{
    private const int Rounds = 200;

    /// <summary>Work alone, of known length; a device that raises alone; two vCPUs that write to one another's memory alone.</summary>
    private const string Guest = """
        .arch loongarch
        .const LEVEL = 0x40020000
        .shared bell, 8
        start:
            cpu.index t0
            bnez t0, .second
            li   s0, 0
        .work:
            work 10us
            count worked
            add  s0, s0, 1
            li   t0, 200
            blt  s0, t0, .work
            mark worked_at, s0
            li   a1, LEVEL
            li   t0, 10_000
            mmio.write.d t0, [a1 + 8]         # PERIOD
            li   t0, 200
            mmio.write.d t0, [a1 + 0x10]      # COUNT
            li   t0, 1
            mmio.write.w t0, [a1]
            idle
            b    .work
        .second:
            li   t0, 1
            st.d t0, [bell]
            ld.d t1, [bell]
            mark written_at, t1
        .sleep:
            idle
            b    .sleep
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("trapline-perturb-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("work: 5%")]
    [InlineData("arrivals: 10%")]
    [InlineData("delays: 20ns")]
    public void Each_lets_the_seed_decide_and_the_same_seed_decides_the_same(string perturb)
    {
        var seeds = Enumerable.Range(1, 4).Select(seed => Run(perturb, (ulong)seed)).ToList();

        Assert.All(seeds, report => Assert.True(report.Variants[0].SeedDecided));
        Assert.Equal(4, seeds.Select(report => report.Digest).Distinct().Count());
        Assert.Equal(seeds[0].Digest, Run(perturb, 1).Digest);
        Assert.Equal(seeds[0].Digest, Run(perturb, 1, threads: 2).Digest);
        Assert.Equal(seeds[0].Digest, Run(perturb, 1, window: VirtualTime.FromNanoseconds(7)).Digest);
    }

    [Fact]
    public void Without_it_every_seed_gives_one_run_and_the_report_says_so()
    {
        var (one, two) = (Run("", 1), Run("", 2));

        Assert.Equal(one.Digest, two.Digest);
        Assert.Contains(one.Warnings, warning => warning.Contains("the seed decided nothing", StringComparison.Ordinal));
    }

    [Fact]
    public void Work_takes_at_most_so_much_less_or_more_and_on_the_whole_as_long()
    {
        var plain = Mark(Run("", 1), "worked_at");
        var seeds = Enumerable.Range(1, 8).Select(seed => Mark(Run("work: 5%", (ulong)seed), "worked_at") - plain).ToList();

        Assert.All(seeds, shift => Assert.InRange(shift, -Rounds * 500m, Rounds * 500m));
        // 200 draws from [-500, 500] ns: the standard deviation of their sum is 4.1 us.
        Assert.All(seeds, shift => Assert.InRange(shift, -25_000m, 25_000m));
        Assert.Contains(seeds, shift => shift < 0);
        Assert.Contains(seeds, shift => shift > 0);
    }

    [Fact]
    public void One_does_not_shift_the_draws_of_another()
        => Assert.Equal(Mark(Run("work: 5%", 3), "worked_at"), Mark(Run("work: 5%, arrivals: 10%", 3), "worked_at"));

    [Fact]
    public void Messages_take_longer_and_never_less()
    {
        var plain = Mark(Run("", 1), "written_at");
        var seeds = Enumerable.Range(1, 8).Select(seed => Mark(Run("delays: 20ns", (ulong)seed), "written_at")).ToList();

        Assert.All(seeds, at => Assert.InRange(at, plain, plain + 80));
        Assert.True(seeds.Distinct().Count() > 1);
    }

    [Fact]
    public void Runs_of_many_seeds_are_those_of_each_alone()
    {
        Run("work: 5%, delays: 20ns", 1);
        var scenario = ScenarioLoader.Load(Path.Combine(_folder.FullName, "p.yaml")).Scenario!;
        var run = RunSession.ForSeeds(new RunRequest { Scenario = scenario });
        using var control = new RunControl();

        Assert.All([3UL, 1UL, 3UL], seed => Assert.Equal(Run("work: 5%, delays: 20ns", seed).Digest, run(seed, control).Digest));
    }

    private static decimal Mark(RunReport report, string name) => report.Variants[0].Marks.Single(mark => mark.Name == name).Ns;

    private RunReport Run(string perturb, ulong seed, int threads = 1, VirtualTime? window = null)
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "costs"));
        File.Copy(Path.Combine(ScenarioFiles.Folder, "costs", "3c5000.yaml"), Path.Combine(_folder.FullName, "costs", "3c5000.yaml"), overwrite: true);
        File.WriteAllText(Path.Combine(_folder.FullName, "p.guest"), Guest + "\n");
        var path = Path.Combine(_folder.FullName, "p.yaml");
        File.WriteAllText(path, $"name: perturbed\nmachine: {{board: loongarch-virt, vcpus: 2}}\nguest: {{file: p.guest}}\ncosts: 3c5000\nlength: {{until: 5ms}}\n{(perturb.Length > 0 ? $"perturb: {{{perturb}}}\n" : "")}");
        var loaded = ScenarioLoader.Load(path, new ScenarioOverrides { Seed = seed });
        Assert.Empty(loaded.Errors);
        using var control = new RunControl();
        return RunSession.Run(new RunRequest { Scenario = loaded.Scenario!, Threads = threads, Window = window }, control);
    }
}
