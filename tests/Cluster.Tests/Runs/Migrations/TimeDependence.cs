namespace Trapline.Cluster.Tests.Runs.Migrations;

/// <summary>
/// What guests say of themselves that depends on time, and so may differ where a migration takes time from them: marks, counters and
/// expectations, each with its reason. All else is compared.
/// </summary>
internal static class TimeDependence
{
    private const string Moves = "moves take a time that depends on how many interrupts CPU 0 serves between them, and sources send until the last move";
    private const string Coalesces = "messages that come while one is pending share its interrupt, and who sends stops later than the vCPUs";
    private const string Twice = "a raise that waits on one host and is let out on the other is counted at both (docs/manual/migration.md, limits)";
    private const string Late = "a one-shot tick that comes late skips the periods that have passed";
    private const string Kicked = "who sleeps is woken to be stopped, and sleeps again: one more exit than the guest made";

    /// <summary>By scenario and name.</summary>
    private static readonly Dictionary<(string Scenario, string Name), string> Reasons = new()
    {
        [("affinity-churn", "count sent")] = Moves,
        [("affinity-churn", "count messages_seen")] = Moves,
        [("affinity-churn", "count level_raised")] = Moves,
        [("affinity-churn", "count level_seen")] = Moves,
        [("affinity-churn", "count level_interrupts")] = Moves,
        [("affinity-churn", "count message_interrupts")] = Coalesces,
        [("affinity-churn", "count nothing_new")] = Coalesces,
        [("affinity-churn", "count spurious_interrupts")] = "a line rises for a vector that a move withdraws before it is served",
        [("affinity-churn", "count irqs_on_two_cpus")] = "an interrupt comes at its new CPU while the old one is at it",
        [("affinity-churn", "count level_irqs_on_two_cpus")] = "an interrupt comes at its new CPU while the old one is at it",
        [("affinity-churn", "interrupts(\"masked\") + interrupts(\"pending\") == 0")] = "a raise that a mask hides on one host and that is let out on the other is counted at both (docs/manual/migration.md, limits)",
        [("boot-256", "latency(\"pv-ipi vcpu->vcpu\", \"count\") == vcpus - 1")] = "when a send began is not part of a VM's state: one that is under way at the switch has no latency",
        [("cpu-off-on", "count sent")] = "sources send until CPU 0 has taken each CPU off and on, which takes the time that interrupts leave it",
        [("cpu-off-on", "count messages_seen")] = "as many as were sent, at whichever CPU has the queue then",
        [("cpu-off-on", "count message_interrupts")] = Coalesces,
        [("cpu-off-on", "count nothing_new")] = Coalesces,
        [("cpu-off-on", "count ticks")] = "ticks come as long as the CPU is on",
        [("cpu-off-on", "interrupts(\"masked\") + interrupts(\"pending\") == 0")] = "CPU 0 ends the run with its interrupts off and its tick on",
        [("msi-storm", "count handled")] = Coalesces,
        [("irqchip-kernel-vs-user", "count handled")] = Coalesces,
        [("migration-demo", "count message_interrupts")] = Coalesces,
        [("arm-cpu-off-on", "count sent")] = "sources send until CPU 0 has taken each CPU off and on, which takes the time that interrupts leave it",
        [("arm-cpu-off-on", "count messages_seen")] = "as many as were sent, at whichever CPU has the queue then",
        [("arm-cpu-off-on", "count message_interrupts")] = Coalesces,
        [("arm-cpu-off-on", "count nothing_new")] = Coalesces,
        [("arm-cpu-off-on", "count ticks")] = "ticks come as long as the CPU is on",
        [("arm-cpu-off-on", "interrupts(\"masked\") + interrupts(\"pending\") == 0")] = Twice,
        [("arm-timer-tick", "count missed")] = Late,
        [("arm-timer-tick", "counter(\"missed\") == 0")] = Late,
        [("arm-timer-tick", "interrupts(\"handled\") == vcpus * ticks")] = Late,
        [("arm-timer-tick", "load > period or exits(\"wfi\") == vcpus * ticks")] = Kicked,
        [("its-affinity-churn", "count sent")] = Moves,
        [("its-affinity-churn", "count messages_seen")] = Moves,
        [("its-affinity-churn", "count level_raised")] = Moves,
        [("its-affinity-churn", "count level_seen")] = Moves,
        [("its-affinity-churn", "count level_interrupts")] = Moves,
        [("its-affinity-churn", "count message_interrupts")] = Coalesces,
        [("its-affinity-churn", "count nothing_new")] = Coalesces,
        [("its-affinity-churn", "interrupts(\"handled\") + interrupts(\"coalesced\") == interrupts(\"raised\")")] = Twice,
        [("its-affinity-churn", "interrupts(\"masked\") + interrupts(\"pending\") == 0")] = Twice,
        [("its-msi-storm", "interrupts(\"raised\") == queues * messages + vcpus")] = Twice,
        [("its-msi-storm", "interrupts(\"handled\") + interrupts(\"coalesced\") == interrupts(\"raised\")")] = Twice,
        [("its-unmap", "count sent")] = "sources send until the last device is unmapped, which takes the time that interrupts leave CPU 0",
        [("its-unmap", "count messages_seen")] = "as many as were sent",
        [("its-unmap", "count message_interrupts")] = Coalesces,
        [("its-unmap", "count nothing_new")] = Coalesces,
        [("its-unmap", "interrupts(\"masked\") + interrupts(\"pending\") == 0")] = Twice,
        [("sgi-broadcast", "pattern == 1 or interrupts(\"pending\") == 0")] = Twice,
        [("timer-tick", "count missed")] = "a one-shot tick that comes late skips the periods that have passed",
        [("timer-tick", "exits() == exits(\"idle\")")] = Kicked,
        [("timer-tick", "load > period or exits(\"idle\") == vcpus * ticks")] = Kicked,
        [("timer-tick", "load < period or exits(\"idle\") == vcpus")] = Kicked,
    };

    /// <summary>Whether a mark, a counter or an expectation is the same however long the guest stood still.</summary>
    public static bool IsCompared(string scenario, string name) => !Reasons.ContainsKey((scenario, name));
}
