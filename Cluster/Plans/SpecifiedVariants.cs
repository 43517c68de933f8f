using Trapline.Cluster.Runs;
using Trapline.Cluster.Runs.Checkpoints;
using Trapline.Machines.Scenarios;

namespace Trapline.Cluster.Plans;

/// <summary>The variants of a run, from the files in its specification. The scenario is read once for a seed: a matrix has hundreds of variants of it. May be used by several threads.</summary>
internal sealed class SpecifiedVariants(RunSpecification specification)
{
    private readonly Lock _gate = new();
    private (ulong Seed, Scenario Scenario)? _last;

    /// <exception cref="Persistence.CheckpointException">What was submitted cannot be loaded by this version.</exception>
    public VariantPlan Plan(string variant, ulong seed) => RunInputs.Load(specification.Inputs, ScenarioOf(seed), variant);

    private Scenario ScenarioOf(ulong seed)
    {
        lock (_gate)
        {
            if (_last is not { } last || last.Seed != seed)
            {
                _last = last = (seed, RunInputs.LoadScenario(specification.Inputs, specification.OverridesOf(seed)));
            }

            return last.Scenario;
        }
    }
}
