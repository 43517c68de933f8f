using Trapline.Actors.Invariants;
using Trapline.Actors.Migration;
using Trapline.Devices.Common.Transfer;
using Trapline.Machines.Results;
using Trapline.Machines.Results.Migrations;
using Trapline.Machines.Tests.Guests;
using Trapline.Messages;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Machines.Tests.Results;

public sealed class MigrationRowsTests
{
    [Fact]
    public void A_migration_that_came_to_its_end_has_its_steps_rounds_and_downtime()
    {
        var row = Assert.Single(MigrationRows.Of([Completed(1_000)], [], []));

        Assert.Equal((1, "completed", 0, 1, 1), (row.Number, row.Outcome, row.From, row.To, row.RunsAt));
        Assert.Equal((1_000m, 1_010m, 1_090m), (row.AskedNs, row.BeganNs, row.EndedNs!.Value));
        Assert.Equal((80m, 45m, 1_085m), (row.TotalNs!.Value, row.DowntimeNs!.Value, row.ResumedNs!.Value));
        Assert.Equal(["setup", "precopy", "stop", "save", "transfer", "load", "handover", "resume"], row.Steps.Select(step => step.Step));
        Assert.Equal([(1_010m, 1_020m), (1_020m, 1_040m), (1_040m, 1_050m)], row.Steps.Take(3).Select(step => (step.BeginNs, step.EndNs!.Value)));
        Assert.Equal((1_080m, 1_090m), (row.Steps[^1].BeginNs, row.Steps[^1].EndNs!.Value));
        Assert.Equal([new(1_020m, 1_030m, 7, 3, 400), new MigrationRoundRow(1_055m, 1_058m, 1, 0, 60)], row.Rounds);
        Assert.Equal((500L, 40L, 12), (row.Bytes, row.StateBytes, row.StateItems));
        Assert.Equal(new PendingRow(1, 2, 3, 4, 5), row.Pending);
        Assert.Null(row.Error);
        Assert.Null(row.FailedSide);
    }

    [Fact]
    public void One_that_was_refused_says_where_and_with_what_and_runs_at_its_source()
    {
        var refused = Begun(1_000, MigrationStep.Load);
        (refused.Outcome, refused.Failed, refused.Error, refused.Refused) = (MigrationOutcome.Refused, MigrationSide.Destination, -22, (byte)StateGroup.EiointcRegisters);
        (refused.ResumedAt, refused.EndedAt) = (VirtualTime.FromNanoseconds(1_075), VirtualTime.FromNanoseconds(1_080));

        var row = Assert.Single(MigrationRows.Of([refused], [], []));

        Assert.Equal(("refused", "load", "destination", "EINVAL at eiointc-registers", 0), (row.Outcome, row.EndedIn, row.FailedSide, row.Error, row.RunsAt));
        Assert.Equal("load", row.Steps[^1].Step);
        Assert.Equal((35m, 1_080m), (row.DowntimeNs!.Value, row.Steps[^1].EndNs!.Value));
    }

    /// <summary>Two machines whose boards agree on who has an SPI, and whose vCPUs do not on what it is.</summary>
    [Theory]
    [InlineData("held[40].state", 1, 4, true)]
    [InlineData("held[40].state", 5, 5, false)]
    [InlineData("spis.over[40]", 3, 0, false)]
    public void What_a_cpu_interface_holds_is_compared_entry_by_entry(string row, ulong before, ulong after, bool isViolation)
    {
        var actor = new ActorAddress(0, row.StartsWith("held", StringComparison.Ordinal) ? ActorRole.Vcpu : ActorRole.Gic, 0);
        Inspection Of(bool isAfter, ulong value)
        {
            var inspection = new Inspection { Actor = actor, IsAfter = isAfter, Source = 0, Ordinal = 1 };
            inspection.Rows.Add(new(row, value));
            return inspection;
        }

        var compared = Assert.Single(Assert.Single(MigrationAudits.Of([Of(false, before), Of(true, after)], [Completed(1_000)])).Rows);
        Assert.Equal(isViolation, RegisterReasons.IsViolation(compared.Judgement));
    }

    /// <summary>The board takes back what a CPU interface has while a migration reads its state: a vCPU that is looked at then has it no more.</summary>
    [Theory]
    [InlineData(ActorRole.Vcpu, "held[8192].state", false)]
    [InlineData(ActorRole.Vcpu, "heldback", true)]
    [InlineData(ActorRole.Gic, "lpis.cpu[1].held[0].intid", true)]
    public void What_is_on_its_way_to_the_board_is_not_lost(ActorRole role, string row, bool isViolation)
    {
        var before = new Inspection { Actor = new ActorAddress(0, role, 0), Source = 0, Ordinal = 1 };
        var after = new Inspection { Actor = new ActorAddress(0, role, 0), IsAfter = true, Source = 0, Ordinal = 1 };
        after.Rows.Add(new(row, 1));
        var compared = Assert.Single(Assert.Single(MigrationAudits.Of([before, after], [Completed(1_000)])).Rows);
        Assert.Equal(isViolation, RegisterReasons.IsViolation(compared.Judgement));
    }

    [Fact]
    public void One_that_is_open_has_no_end_and_no_downtime()
    {
        var row = Assert.Single(MigrationRows.Of([Begun(1_000, MigrationStep.Precopy)], [], []));

        Assert.Equal(("open", "precopy"), (row.Outcome, row.EndedIn));
        Assert.Null(row.EndedNs);
        Assert.Null(row.TotalNs);
        Assert.Null(row.DowntimeNs);
        Assert.Null(row.Pending);
        Assert.Null(row.Steps[^1].EndNs);
    }

    [Fact]
    public void What_was_tampered_with_is_that_of_the_plan_for_the_same_time()
    {
        MigrationPlan[] plans =
        [
            new() { At = VirtualTime.FromNanoseconds(1_000), TransferFaults = [new(TransferFaultKind.Omit, StateGroup.EiointcCoreIsr)] },
            new() { At = VirtualTime.FromNanoseconds(2_000), TransferFaults = [new(TransferFaultKind.Alter, StateGroup.VcpuControl, 7, 3, 0x81)] },
        ];

        var rows = MigrationRows.Of([Completed(1_000), Completed(2_000), Completed(3_000)], [], plans);

        Assert.Equal(["omit eiointc-core-isr"], rows[0].Tamper);
        Assert.Equal(["alter vcpu-control item 7 byte 3 bits 0x81"], rows[1].Tamper);
        Assert.Empty(rows[2].Tamper);
    }

    [Fact]
    public void Registers_that_differ_come_first_and_those_of_one_device_have_one_name_on_both_hosts()
    {
        var audit = new MigrationAudit { Asked = VirtualTime.FromNanoseconds(1_000) };
        for (var i = 0; i < MigrationRows.MostRegisters; i++)
        {
            audit.Rows.Add(new(new(1, ActorRole.Vcpu, 2), $"gpr[{i}]", 5, 5, ""));
        }

        audit.Rows.Add(new(new(1, ActorRole.Eiointc, 0), "coreIsr[0]", 0x10, 0, "lost"));

        var row = Assert.Single(MigrationRows.Of([Completed(1_000)], [audit], []));

        Assert.Equal((MigrationRows.MostRegisters + 1, 1, MigrationRows.MostRegisters), (row.RegistersCompared, row.RegistersChanged, row.Registers.Count));
        Assert.Equal(new("eiointc0", "coreIsr[0]", "0x10", "0x0", true, "lost"), row.Registers[0]);
        Assert.Equal(new("vcpu2", "gpr[0]", "0x5", "0x5", false, ""), row.Registers[1]);
    }

    [Fact]
    public void Another_node_reads_what_this_one_wrote()
    {
        var program = GuestRun.Assemble("start:\nexit 0\n", 1);
        var mine = new NodeResult(program);
        mine.Migrations.Add(Completed(1_000));
        foreach (var (isAfter, value) in ((bool, ulong)[])[(false, 0x10), (true, 0)])
        {
            var inspection = new Inspection { Actor = new(isAfter ? 1 : 0, ActorRole.Eiointc, 0), IsAfter = isAfter, Source = 0, Ordinal = 1 };
            inspection.Rows.Add(new("cpu[0].COREISR64[0]", value));
            mine.Observed.Inspections.Add(inspection);
        }

        var writer = new StateWriter();
        mine.SyncState(writer);
        var reader = new StateReader(writer.Written.ToArray());
        var theirs = new NodeResult(program);
        theirs.SyncState(reader);
        reader.Finish();

        var (row, same) = (RowOf(mine), RowOf(theirs));

        Assert.Equal(new("eiointc0", "cpu[0].COREISR64[0]", "0x10", "0x0", true, RegisterReasons.Matters), Assert.Single(row.Registers));
        Assert.Equal(row.Registers, same.Registers);
        Assert.Equal(row.Rounds, same.Rounds);
        Assert.Equal(row.Steps, same.Steps);
        Assert.Equal(row.DowntimeNs, same.DowntimeNs);
    }

    private static MigrationRow RowOf(NodeResult node) =>
        Assert.Single(MigrationRows.Of(node.Migrations, MigrationAudits.Of(node.Observed.Inspections, node.Migrations), []));

    /// <summary>A step begins every 10 ns from 10 ns after it was asked for, but pre-copy lasts 20.</summary>
    internal static MigrationResult Begun(long asked, MigrationStep last)
    {
        var result = new MigrationResult { Asked = VirtualTime.FromNanoseconds(asked), Source = 0, Target = 1 };
        long[] begins = [10, 20, 40, 50, 60, 65, 70, 80];
        for (var step = MigrationStep.Setup; step <= last; step++)
        {
            result.Begin(step, VirtualTime.FromNanoseconds(asked + begins[(int)step]));
        }

        return result;
    }

    internal static MigrationResult Completed(long asked)
    {
        var result = Begun(asked, MigrationStep.Resume);
        (result.Outcome, result.RunsAt, result.ResumedAt, result.EndedAt) = (MigrationOutcome.Completed, 1, VirtualTime.FromNanoseconds(asked + 85), VirtualTime.FromNanoseconds(asked + 90));
        (result.StateBytes, result.StateItems) = (40, 12);
        result.Pending = new() { Ipis = 1, Vectors = 2, Pins = 3, Lines = 4, Timers = 5 };
        result.Rounds.Add(new() { Start = VirtualTime.FromNanoseconds(asked + 20), End = VirtualTime.FromNanoseconds(asked + 30), Pages = 7, ZeroPages = 3, Bytes = 400 });
        result.Rounds.Add(new() { Start = VirtualTime.FromNanoseconds(asked + 55), End = VirtualTime.FromNanoseconds(asked + 58), Pages = 1, Bytes = 60 });
        return result;
    }
}
