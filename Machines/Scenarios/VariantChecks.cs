using Trapline.Machines.Boards;
using Trapline.Machines.Costs;
using Trapline.Machines.Scenarios.Migrations;
using Trapline.Machines.Yaml;

namespace Trapline.Machines.Scenarios;

/// <summary>What is known to be wrong only when several keys of the matrix and the cost profile are looked at together.</summary>
internal static class VariantChecks
{
    /// <param name="variants">All.</param>
    /// <param name="profile">Before any variant changes it.</param>
    /// <param name="matrix">Where the matrix stands.</param>
    /// <param name="machines">Where the key <c>machines</c> stands.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public static void Check(IReadOnlyList<ScenarioVariant> variants, CostProfile profile, TextPosition matrix, TextPosition machines, ErrorList errors)
    {
        var judged = new HashSet<CostOverride>();
        var migrations = new MigrationChecks(errors);
        var hostChecks = new HostsChecks(profile.BetweenGroups, errors);
        CheckMachines(variants, machines, errors);
        foreach (var variant in variants)
        {
            if (MachineSection.ProblemOf(variant.Vcpus, variant.Behaviour) is { } problem)
            {
                errors.Add(matrix, $"vcpus of the variant {variant.Name} {problem}");
            }

            if (BoardKind.Of(variant.Board).ProblemOf(variant.Machine) is { } unfit)
            {
                errors.Add(matrix, $"in the variant {variant.Name} {unfit}");
            }

            if (variant.WrittenMigrations is { } list)
            {
                migrations.Check(list, variant.Board, variant.Machine);
            }

            if (variant.WrittenHosts is { } hosts)
            {
                hostChecks.Check(hosts, variant);
            }

            foreach (var cost in variant.Costs)
            {
                if (!judged.Add(cost))
                {
                    continue;
                }

                if (profile.Costs.All(known => known.Name != cost.Name))
                {
                    errors.Add(cost.Position, $"{cost.Path} sets a cost that {profile.Architecture.Name} does not have; the profile {profile.Name} has {string.Join(", ", profile.Costs.Select(known => known.Name))}");
                }
                else if (CostLimits.ProblemOf(cost.Name, cost.Value, profile.BetweenGroups) is { } wrong)
                {
                    errors.Add(cost.Position, $"{cost.Path} {wrong}");
                }
            }
        }
    }

    /// <summary>The key <c>machines</c> is the same for all variants: what is wrong is said once.</summary>
    private static void CheckMachines(IReadOnlyList<ScenarioVariant> variants, TextPosition machines, ErrorList errors)
    {
        var several = variants.Where(variant => variant.Machines is not null).ToList();
        if (several.Select(variant => variant.WrittenMigrations).FirstOrDefault(list => list is not null) is { } list)
        {
            errors.Add(list.Position, $"{list.Path} is for a scenario with one machine; with {MachinesSection.Key} none can leave its host: remove one of the two keys");
        }

        if (several.Find(variant => variant.Machine.Hypervisor == Hypervisor.None) is { } bare)
        {
            errors.Add(machines, $"{MachinesSection.Key} needs VMs, but hypervisor is none in the variant {bare.Name}: doorbells are eventfds between VMMs; take hypervisor: kvm or remove {MachinesSection.Key}");
        }
    }
}
