using Trapline.Actors.Guests;
using Trapline.Actors.Migration;
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
            digest.Absorb((ulong)hypervisor, (ulong)irqchip, (ulong)bigLock | ((ulong)msi << 32), (ulong)paravirt | ((ulong)(plan.Variant.Machine.Interrupts ?? 0) << 32));
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

            if (plan.Variant.Migrations is { } migrations)
            {
                digest.Absorb((ulong)migrations.Count, (ulong)plan.Variant.LinkLatency.Picoseconds, 0, 0);
                foreach (var migration in migrations)
                {
                    Absorb(ref digest, migration);
                }
            }

            if (plan.Variant.Machines is { } machines)
            {
                digest.Absorb((ulong)machines.Count, (ulong)machines.LinkLatency.Picoseconds, 0, 0);
            }

            if (plan.Variant.Machine.Hosts is { } hosts)
            {
                digest.Absorb((ulong)hosts.Count, (ulong)hosts.Latency.Picoseconds, 1, 0);
            }

            Absorb(ref digest, plan.Program);
        }

        return digest.ToString();
    }

    private static void Absorb(ref Digest128 digest, MigrationPlan plan)
    {
        var (begin, cancelled) = ((ulong)plan.At.Picoseconds, (ulong)(plan.CancelAt ?? VirtualTime.Never).Picoseconds);
        digest.Absorb(begin, cancelled, (ulong)plan.Bandwidth, (ulong)plan.DowntimeLimit.Picoseconds);
        var failure = plan.Failure is { } planned ? 1UL | ((ulong)planned.Side << 8) | ((ulong)planned.Step << 16) : 0;
        digest.Absorb((ulong)plan.MaximumRounds, (ulong)plan.NotConverging, (ulong)plan.StepTimeout.Picoseconds, failure);
        digest.Absorb((ulong)plan.TransferFaults.Count);
        foreach (var fault in plan.TransferFaults)
        {
            digest.Absorb((ulong)fault.Kind | ((ulong)fault.Group << 8) | ((ulong)fault.Bits << 16), (ulong)fault.Item, (ulong)fault.Byte, 0);
        }
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
