using BenchmarkDotNet.Attributes;
using Trapline.Actors.Kernel;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Machines.Boards;
using Trapline.Machines.Costs;
using Trapline.Messages;

namespace Trapline.Bench.Micro;

/// <summary>Wall time of one guest instruction on one vCPU, in the machine that scenarios use.</summary>
public class GuestInstructions : IDisposable
{
    private const int Copies = 100;
    private const int Rounds = 10_000;

    private Engine? _engine;

    /// <summary>The instruction, as a guest writes it. The word is at the board: each access to it is two messages.</summary>
    [Params("add t0, t0, 1", "mul t0, t0, t1", "bnez zero, failed", "ld.d t0, [remote]", "st.d t0, [remote]", "amadd.d t0, t1, [remote]", "csr.read t0, ESTAT", "iocsr.read.w t0, [0x1000]", "iocsr.read.d t0, [0x1800]")]
    public string Instruction { get; set; } = "";

    [IterationSetup]
    public void Build()
    {
        _engine?.Dispose();
        var plan = LoongArchVirt.Build(new MachineRequest
        {
            Vcpus = 1,
            Program = GuestText.Assemble(Source()),
            Costs = CostProfileLoader.Load(Scenarios.FileIn(Path.Combine("scenarios", "costs", "3c5000.yaml"))).Profile!,
            Profile = LoongArchProfiles.Kvm,
            Seed = 1,
            Limits = new SimulationLimits(),
        });
        _engine = new Engine(plan, Placement.OneNode(plan.Groups.Count), 0, new EngineOptions());
        _engine.Start();
    }

    [Benchmark(OperationsPerInvoke = Copies * Rounds)]
    public void Execute()
    {
        _engine!.Run(VirtualTime.Never);
        if (_engine.End is not { Code: 0, Reason: EndReason.Exit })
        {
            throw new InvalidOperationException(_engine.End?.Detail ?? "the guest did not come to its end");
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _engine?.Dispose();
        GC.SuppressFinalize(this);
    }

    private string Source() => $"""
        .arch loongarch
        .shared remote, 8
        start:
            li   s0, {Rounds}
        round:
        {string.Concat(Enumerable.Repeat($"    {Instruction}\n", Copies))}
            sub  s0, s0, 1
            bnez s0, round
            exit
        failed:
            exit 1
        """;
}
