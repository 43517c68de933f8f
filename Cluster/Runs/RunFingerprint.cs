using Trapline.Actors.Guests;
using Trapline.Messages;

namespace Trapline.Cluster.Runs;

/// <summary>A digest over all that decides what a run finds: two nodes, or a run and a journal, with the same one fit together.</summary>
internal static class RunFingerprint
{
    public static string Of(IReadOnlyList<VariantPlan> variants, bool smoke)
    {
        var digest = Digest128.Empty;
        foreach (var plan in variants)
        {
            digest.Absorb(plan.Scenario.Name);
            digest.Absorb(plan.Scenario.Seed);
            digest.Absorb(plan.Variant.Name);
            digest.Absorb((ulong)plan.Variant.Vcpus);
            digest.Absorb((ulong)plan.Variant.Until.Picoseconds);
            digest.Absorb((ulong)(smoke ? plan.Variant.Smoke ?? VirtualTime.Never : VirtualTime.Zero).Picoseconds);
            digest.Absorb(plan.Variant.Profile.Name);
            var (hypervisor, irqchip, bigLock, msi, paravirt) = plan.Variant.Machine;
            digest.Absorb((ulong)hypervisor, (ulong)irqchip, (ulong)bigLock | ((ulong)msi << 32), (ulong)paravirt);
            digest.Absorb(plan.Variant.Machine.Quirks.ToString());
            var costs = plan.Scenario.CostsOf(plan.Variant);
            digest.Absorb((ulong)costs.PathLatency.Picoseconds, (ulong)costs.PathJitter.Picoseconds, 0, 0);
            digest.Absorb(((ulong)plan.Scenario.Perturbation.Work << 32) | plan.Scenario.Perturbation.Arrivals);
            foreach (var cost in costs.Costs)
            {
                digest.Absorb(cost.Name);
                digest.Absorb((ulong)cost.Value.Picoseconds);
            }

            foreach (var fault in plan.Scenario.Faults)
            {
                digest.Absorb(fault.ToString());
            }

            Absorb(ref digest, plan.Program);
        }

        return digest.ToString();
    }

    private static void Absorb(ref Digest128 digest, GuestProgram program)
    {
        digest.Absorb(program.EntryPoint);
        digest.Absorb(program.SharedImage.AsSpan());
        digest.Absorb(program.PerCpuImage.AsSpan());
        foreach (var instruction in program.Instructions)
        {
            var registers = instruction.Rd | ((ulong)instruction.Rs << 8) | ((ulong)instruction.Rt << 16);
            var rest = (ulong)instruction.Opcode | ((ulong)instruction.Width << 8) | (instruction.UsesImmediate ? 1UL << 16 : 0) | ((ulong)instruction.Text << 32);
            digest.Absorb(registers, rest, (ulong)instruction.Immediate, 0);
        }
    }
}
