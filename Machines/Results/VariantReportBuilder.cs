using Trapline.Actors.Arm;
using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Actors.Statistics;
using Trapline.Actors.Vcpus;
using Trapline.Devices.LoongArch;
using Trapline.Machines.Boards;
using Trapline.Machines.Results.Migrations;
using Trapline.Machines.Scenarios;
using Trapline.Messages;

namespace Trapline.Machines.Results;

/// <summary>Makes the report of a variant from what its nodes found, in an order that no node and no thread decides.</summary>
public sealed class VariantReportBuilder
{
    /// <summary>Marks of one name that a report holds; the guest's counters tell how many there were.</summary>
    private const int MarksOfAName = 16;

    private readonly ScenarioVariant _variant;
    private readonly GuestProgram _program;
    private readonly IReadOnlyList<NodeResult> _nodes;
    private readonly VmResult _vm;
    private readonly IReadOnlyList<VcpuResult> _vcpus;
    private readonly IReadOnlyDictionary<(int Machine, int Index), IpiResult> _ipis;
    private readonly BoardResult _board;

    public VariantReportBuilder(ScenarioVariant variant, GuestProgram program, IReadOnlyList<NodeResult> nodes)
    {
        _variant = variant;
        _program = program;
        _nodes = nodes;
        _vm = new VmResult(program, nodes, IsOneOfSeveral);
        (_vcpus, _ipis, _board) = (_vm.Vcpus, _vm.Ipis, _vm.Board);
    }

    /// <summary>
    /// The report; with no judgement on expectations if the run was cut short by its smoke length, by the user, by an
    /// interruption or by a violated invariant.
    /// </summary>
    /// <param name="limit">The virtual time at which the run would have ended anyway.</param>
    /// <param name="interrupted">A person stopped it.</param>
    /// <param name="wallSeconds">Of this variant.</param>
    /// <param name="violations">What was violated, and which faults have hit.</param>
    public VariantReport Build(VirtualTime limit, bool interrupted, double wallSeconds, (IReadOnlyList<ViolationRow> Violations, IReadOnlyList<FaultRow> Faults) violations)
    {
        var end = _nodes.Aggregate((EndRequest?)null, (first, node) => EndRequest.First(first, node.End));
        var stop = _nodes.Select(node => node.StopAt).Min();
        var last = _nodes.Select(node => node.LastHandled).Max();
        var (reason, detail, at) = Ending(end, stop, last, limit, interrupted, _nodes.All(node => node.NextDue.IsNever));
        if (reason == "violation" && violations.Violations is [var first, ..])
        {
            // Of several at one instant the cause, which the rows have first.
            detail = $"{first.Actor}: {first.Text}, at {end!.At}";
        }

        var report = new VariantReport
        {
            Name = _variant.Name,
            Parameters = _variant.Parameters,
            Digest = Digest().ToString(),
            VirtualNs = Nanoseconds(at.Picoseconds),
            WallSeconds = wallSeconds,
            Messages = _nodes.Sum(node => node.Messages),
            Windows = _nodes.Max(node => node.Windows),
            EndReason = reason,
            EndDetail = detail,
            Exits = Exits(),
            Latencies = Latencies(),
            Interrupts = _vcpus.Select(Totals).Aggregate(BoardTotals(), Add),
            Vcpus = [.. _vcpus.Select(vcpu => new VcpuInterrupts(vcpu.Index, Lines(vcpu), Totals(vcpu)) { Machine = MachineOf(vcpu) })],
            Counters = Counters(),
            Locks = Locks(),
            Marks = Marks(),
            Sections = Sections(),
            Migrations = MigrationRows.Of(_vm.Migrations, _vm.Audits, _variant.Migrations ?? []),
            Expectations = [],
            Violations = [.. violations.Violations, .. MigrationViolations.Of(_vm.Migrations, _vm.Audits, _variant.Migrations ?? [])],
            Faults = violations.Faults,
            ExitCode = reason == "exit" ? (long)end!.Code : 0,
            Lost = Lost(),
            SentToNobody = _ipis.Values.Sum(ipi => (long)ipi.SentToNobody),
            SeedDecided = _nodes.Any(node => node.SeedDecided),
        };
        var cutShort = reason is "interrupted" or "violation" || (reason == "until" && limit < _variant.WrittenUntil);
        return cutShort ? report : report with
        {
            Expectations = [.. _variant.Expectations.Select(expectation => expectation.Evaluate(report))],
            Violations = [.. report.Violations.Select(violation => violation with { Expected = IsAskedFor(violation, report) })],
        };
    }

    /// <summary>Some expectation holds, and would not without violations of this kind.</summary>
    private bool IsAskedFor(ViolationRow violation, VariantReport report)
    {
        var without = report with { Violations = [.. report.Violations.Where(other => other.Invariant != violation.Invariant)] };
        return _variant.Expectations.Any(expectation => expectation.Evaluate(report).Holds && !expectation.Evaluate(without).Holds);
    }

    private static (string Reason, string Detail, VirtualTime At) Ending(EndRequest? end, VirtualTime stop, VirtualTime last, VirtualTime limit, bool interrupted, bool drained)
    {
        // An end asked for by a guest, or by who watches over it, counts only if the run was not cut off before it came into force.
        if (end is not null && (!interrupted || end.At < stop))
        {
            return (NameOf(end.Reason), $"{end.Detail}, at {end.At}", stop);
        }

        if (interrupted)
        {
            return ("interrupted", $"stopped at {stop}", stop);
        }

        return drained
            ? ("drained", $"nothing is due any more after {last}", last)
            : ("until", $"the time of {limit} is up", limit);
    }

    private static string NameOf(EndReason reason) => reason switch
    {
        EndReason.Exit => "exit",
        EndReason.Assertion => "assertion",
        _ => "violation",
    };

    private bool IsOneOfSeveral => _variant.Machines is not null;

    private int? MachineOf(VcpuResult vcpu) => IsOneOfSeveral ? vcpu.Machine : null;

    private Digest128 Digest()
    {
        var digest = Digest128.Empty;
        foreach (var actor in _nodes.SelectMany(node => node.Actors).OrderBy(actor => actor.Address))
        {
            digest.Absorb(actor.Address.Value);
            digest.Absorb(actor.Digest);
        }

        return digest;
    }

    private List<ExitRow> Exits()
    {
        var all = new ExitStatistics();
        foreach (var vcpu in _vcpus)
        {
            all.Merge(vcpu.Statistics.Exits);
        }

        var rows = all.Rows().ToArray();
        var count = rows.Sum(row => row.Row.Count);
        var time = rows.Sum(row => (decimal)row.Row.Total);
        return
        [
            .. rows
                .Select(row => new ExitRow(
                    ExitReasons.NameOf(row.Reason),
                    row.Row.Count,
                    (double)row.Row.Count / count,
                    time == 0 ? 0 : (double)(row.Row.Total / time),
                    Nanoseconds(row.Row.Least),
                    decimal.Round(Nanoseconds(row.Row.Total) / row.Row.Count, 3),
                    Nanoseconds(row.Row.Greatest)))
                .OrderByDescending(row => row.Count)
                .ThenBy(row => row.Reason, StringComparer.Ordinal),
        ];
    }

    private List<LatencyRow> Latencies()
    {
        var rows = new List<LatencyRow>();
        for (var path = 0; path < LatencyPaths.Names.Count; path++)
        {
            var all = new LatencyHistogram();
            foreach (var vcpu in _vcpus)
            {
                if (vcpu.Statistics.Latencies[path] is { } histogram)
                {
                    all.Merge(histogram);
                }
            }

            if (all.Count > 0)
            {
                rows.Add(new LatencyRow(
                    LatencyPaths.Names[path],
                    all.Count,
                    Nanoseconds(all.Percentile(50).Picoseconds),
                    Nanoseconds(all.Percentile(90).Picoseconds),
                    Nanoseconds(all.Percentile(99).Picoseconds),
                    Nanoseconds(all.Greatest.Picoseconds))
                {
                    Curve = [.. all.Buckets().Select(bucket => new CurvePoint(Nanoseconds(bucket.UpperEnd.Picoseconds), bucket.Count))],
                });
            }
        }

        return rows;
    }

    /// <summary>The big lock, where somebody took it.</summary>
    private List<LockRow> Locks()
    {
        var big = _board.BigLock;
        var points = new List<CurvePoint>();
        for (var interval = 0; interval < big.History.Length; interval++)
        {
            points.Add(new CurvePoint(interval * Nanoseconds(big.Interval.Picoseconds), big.History[interval]));
        }

        return big.Acquisitions == 0
            ? []
            : [new LockRow("vmm", big.Acquisitions, big.Waited, Nanoseconds(big.WaitTotal.Picoseconds), Nanoseconds(big.WaitGreatest.Picoseconds), big.GreatestQueue, points)];
    }

    private SortedDictionary<string, long> Counters()
    {
        var counters = IsArm ? ArmCounters() : LoongArchCounters();
        if (IsOneOfSeveral)
        {
            var rings = _board.Doorbell;
            counters["doorbell_rings_sent"] = rings.Sent;
            counters["doorbell_rings_arrived"] = rings.Arrived;
            counters["doorbell_rings_coalesced"] = rings.Coalesced;
            counters["doorbell_rings_refused"] = rings.Refused;
        }

        if (_variant.Machine.Hosts is not null)
        {
            counters["inter_host_calls"] = _vcpus.Sum(vcpu => vcpu.Statistics.Ledger.Counts[(int)CostKind.InterHostTravel]);
            counters["inter_host_travel_ns"] = _vcpus.Sum(vcpu => vcpu.Statistics.Ledger.Times[(int)CostKind.InterHostTravel]) / VirtualTime.PerNanosecond;
        }

        for (var i = 0; i < _program.Counters.Count; i++)
        {
            counters[_program.Counters[i]] = _vcpus.Sum(vcpu => vcpu.Statistics.Counters[i]);
        }

        return counters;
    }

    private bool IsArm => _program.Architecture == GuestArchitecture.Arm;

    /// <summary>KVM for ARM counts no registers; what an ITS's commands come to it tells nobody.</summary>
    private SortedDictionary<string, long> ArmCounters()
    {
        var counters = new SortedDictionary<string, long>(StringComparer.Ordinal)
        {
            ["idle_exits"] = _vcpus.Sum(vcpu => (long)vcpu.Statistics.IdleExits),
            ["int_exits"] = _vcpus.Sum(vcpu => (long)vcpu.Statistics.HostInterruptExits),
            ["its_commands"] = _board.Commands.Commands,
            ["its_errors"] = _board.Commands.Errors.Values.Sum(),
            ["vmm_lock_acquisitions"] = _board.BigLock.Acquisitions,
            ["vmm_lock_greatest_queue"] = _board.BigLock.GreatestQueue,
            ["vmm_lock_wait_ns"] = _board.BigLock.WaitTotal.Picoseconds / VirtualTime.PerNanosecond,
            ["vmm_lock_waited"] = _board.BigLock.Waited,
        };
        foreach (var (error, count) in _board.Commands.Errors)
        {
            counters[CommandStatistics.NameOf(error)] = count;
        }

        return counters;
    }

    private SortedDictionary<string, long> LoongArchCounters() =>
        new(StringComparer.Ordinal)
        {
            ["cpucfg_exits"] = _vcpus.Sum(vcpu => (long)vcpu.ConfigurationExits),
            ["eiointc_read_exits"] = Traps(_board.EiointcReadExits),
            ["eiointc_write_exits"] = Traps(_board.EiointcWriteExits),
            ["hypercall_exits"] = _vcpus.Sum(vcpu => (long)vcpu.HypercallExits),
            ["idle_exits"] = _vcpus.Sum(vcpu => (long)vcpu.Statistics.IdleExits),
            ["int_exits"] = _vcpus.Sum(vcpu => (long)vcpu.Statistics.HostInterruptExits),
            ["ipi_read_exits"] = _ipis.Values.Sum(ipi => Traps(ipi.ReadExits)),
            ["ipi_write_exits"] = _ipis.Values.Sum(ipi => Traps(ipi.WriteExits)),
            ["vmm_lock_acquisitions"] = _board.BigLock.Acquisitions,
            ["vmm_lock_greatest_queue"] = _board.BigLock.GreatestQueue,
            ["vmm_lock_wait_ns"] = _board.BigLock.WaitTotal.Picoseconds / VirtualTime.PerNanosecond,
            ["vmm_lock_waited"] = _board.BigLock.Waited,
            ["pch_pic_read_exits"] = Traps(_board.PicReadExits),
            ["pch_pic_write_exits"] = Traps(_board.PicWriteExits),
        };

    /// <summary>A device counts the accesses to it; on bare metal they are no traps, and nobody counts them.</summary>
    private long Traps(ulong accesses) => _variant.Machine.Hypervisor == Hypervisor.None ? 0 : (long)accesses;

    private List<SectionRow> Sections() =>
    [
        .. from vcpu in _vcpus
           from section in vcpu.Statistics.Ledger.Sections
           where section.Passes > 0
           select new SectionRow(section.Name, vcpu.Index, section.Passes, section.Operations, Nanoseconds(section.Elapsed), Costs(section)) { Machine = MachineOf(vcpu) },
    ];

    private static List<SectionCost> Costs(LedgerSection section) =>
    [
        .. CostKinds.All
            .Select(kind => new SectionCost(CostKinds.NameOf(kind), CostKinds.IsCost(kind), section.Counts[(int)kind], Nanoseconds(section.Times[(int)kind])))
            .Where(row => row.Count != 0 || row.Ns != 0),
    ];

    private List<MarkRow> Marks()
    {
        var marks = _vcpus
            .SelectMany(vcpu => vcpu.Statistics.Marks.Select(mark => (Machine: MachineOf(vcpu), Vcpu: vcpu.Index, Mark: mark)))
            .OrderBy(entry => entry.Mark.At)
            .ThenBy(entry => entry.Machine)
            .ThenBy(entry => entry.Vcpu);
        return
        [
            .. marks
                .GroupBy(entry => entry.Mark.Name)
                .OrderBy(name => name.Key)
                .SelectMany(name => name.Take(MarksOfAName))
                .Select(entry => new MarkRow(_program.Marks[entry.Mark.Name], entry.Vcpu, Nanoseconds(entry.Mark.At.Picoseconds), entry.Mark.Value) { Machine = entry.Machine }),
        ];
    }

    private List<string> Lost() =>
    [
        .. _vcpus.Where(vcpu => vcpu.Statistics.Lost is not null).Select(vcpu =>
        {
            var (from, at) = vcpu.Statistics.Lost!.Value;
            return $"{VcpuNames.Of(MachineOf(vcpu), vcpu.Index)} left the program at {Place(from)} for a handler at 0x{at:x}, where no code is, and faults there for ever: set {_program.Architecture.VectorRegister}";
        }),
    ];

    private string Place(ulong address)
    {
        var index = (address - _program.Layout.TextBase) / GuestProgram.InstructionBytes;
        if (index >= (ulong)_program.Locations.Length || _program.Instructions[index].Opcode == Opcode.Undefined)
        {
            return $"0x{address:x}";
        }

        var location = _program.Locations[index];
        return $"{_program.Files[location.File]}:{location.Line} ({location.Text})";
    }

    private SortedDictionary<string, long> Lines(VcpuResult vcpu)
    {
        string LineName(int line) => IsArm ? InterruptClasses.Names[line] : CpuLines.NameOf(line);

        var lines = new SortedDictionary<string, long>(StringComparer.Ordinal);
        for (var line = 0; line < (IsArm ? InterruptClasses.Names.Count : CpuLines.Count); line++)
        {
            if (vcpu.Statistics.Taken[line] > 0)
            {
                lines[LineName(line)] = vcpu.Statistics.Taken[line];
            }
        }

        return lines;
    }

    /// <summary>SGIs and PPIs end where they are raised; SPIs and LPIs are of the machine, in <see cref="BoardTotals"/>.</summary>
    private static InterruptTotals ArmTotals(VcpuResult vcpu)
    {
        var (sgis, ppis) = (vcpu.Statistics.SoftwareFates, vcpu.Statistics.OwnFates);
        var masked = vcpu.MaskedSgis + vcpu.MaskedPpis;
        return new InterruptTotals(
            sgis.Raised + ppis.Raised,
            sgis.Handled + ppis.Handled,
            sgis.Coalesced + ppis.Coalesced,
            masked,
            sgis.Open + ppis.Open - masked,
            sgis.Withdrawn + ppis.Withdrawn);
    }

    private InterruptTotals Totals(VcpuResult vcpu)
    {
        if (IsArm)
        {
            return ArmTotals(vcpu);
        }

        var ipi = _ipis[(MachineOf(vcpu) ?? 0, vcpu.Index)].Fates;
        var own = vcpu.Statistics.OwnFates;
        var software = vcpu.Statistics.SoftwareFates;
        var (masked, pending) = (0L, 0L);
        Place(ipi.Open, vcpu.IpiMasked);
        Place(own.Open, vcpu.TimerMasked);
        Place(software.Open, vcpu.SoftwareMasked);
        return new InterruptTotals(
            ipi.Raised + own.Raised + software.Raised,
            ipi.Handled + own.Handled + software.Handled,
            ipi.Coalesced + own.Coalesced + software.Coalesced,
            masked,
            pending,
            ipi.Withdrawn + own.Withdrawn + software.Withdrawn);

        void Place(long open, bool isMasked)
        {
            masked += isMasked ? open : 0;
            pending += isMasked ? 0 : open;
        }
    }

    /// <summary>
    /// Raises of the shared controllers: of the machine, not of any one vCPU, for a route can change while one waits. A ring is
    /// one from when it was sent: until its message reaches the controller it waits on its way, or ends at the doorbell device.
    /// </summary>
    private InterruptTotals BoardTotals()
    {
        var (fates, rings) = (_board.Fates, _board.Doorbell);
        foreach (var vcpu in _vcpus)
        {
            // Raised at the board of a GIC, handled at a CPU interface; a raise that meets the CPU which has the interrupt is counted there alone.
            fates.Add(in vcpu.HeldFates);
        }

        var underWay = rings.Signalled + Math.Max(0, rings.Sent - rings.Arrived);
        return new InterruptTotals(
            fates.Raised + _board.MaskedAtPic + rings.Coalesced + rings.Masked + underWay,
            fates.Handled,
            fates.Coalesced + rings.Coalesced,
            _board.Masked + _board.MaskedAtPic + rings.Masked,
            fates.Open - _board.Masked + underWay,
            fates.Withdrawn);
    }

    private static InterruptTotals Add(InterruptTotals a, InterruptTotals b) => new(
        a.Raised + b.Raised, a.Handled + b.Handled, a.Coalesced + b.Coalesced, a.Masked + b.Masked, a.Pending + b.Pending, a.Withdrawn + b.Withdrawn);

    private static decimal Nanoseconds(long picoseconds) => (decimal)picoseconds / VirtualTime.PerNanosecond;
}
