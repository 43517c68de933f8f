using Trapline.Actors.Migration;
using Trapline.Devices.Common.Transfer;
using Trapline.Machines.Scenarios.Migrations;
using Trapline.Messages;

namespace Trapline.Machines.Results.Migrations;

/// <summary>Migrations as a report has them.</summary>
public static class MigrationRows
{
    /// <summary>Registers of one migration in a report: a machine of 256 vCPUs has tens of thousands, and nearly all are equal.</summary>
    public const int MostRegisters = 256;

    /// <param name="results">In the order in which they began.</param>
    /// <param name="audits">Registers that were compared.</param>
    /// <param name="plans">Of the scenario.</param>
    public static IReadOnlyList<MigrationRow> Of(IReadOnlyList<MigrationResult> results, IReadOnlyList<MigrationAudit> audits, IReadOnlyList<MigrationPlan> plans)
    {
        var rows = new List<MigrationRow>();
        for (var i = 0; i < results.Count; i++)
        {
            var asked = results[i].Asked;
            rows.Add(Row(i + 1, results[i], audits.FirstOrDefault(audit => audit.Asked == asked), plans.FirstOrDefault(plan => plan.At == asked)));
        }

        return rows;
    }

    /// <summary>As <c>omit eiointc-core-isr</c>, <c>alter vcpu-control item 7 byte 3 bits 0x81</c>.</summary>
    public static string TextOf(TransferFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var place = fault.Kind == TransferFaultKind.Alter ? $" item {fault.Item} byte {fault.Byte} bits 0x{fault.Bits:x}" : "";
        return $"{MigrationRules.WordOf(fault.Kind)} {MigrationRules.WordOf(fault.Group)}{place}";
    }

    private static MigrationRow Row(int number, MigrationResult result, MigrationAudit? audit, MigrationPlan? plan)
    {
        var began = result.Began(MigrationStep.Setup);
        var stopped = result.Began(MigrationStep.Stop);
        var registers = (audit?.Rows ?? []).Select(Register).ToList();
        return new()
        {
            Number = number,
            Outcome = MigrationRules.WordOf(result.Outcome),
            From = result.Source,
            To = result.Target,
            RunsAt = result.RunsAt,
            AskedNs = Nanoseconds(result.Asked),
            BeganNs = Nanoseconds(began),
            EndedNs = Known(result.EndedAt),
            TotalNs = Span(began, result.EndedAt),
            DowntimeNs = Span(stopped, result.ResumedAt),
            ResumedNs = Known(result.ResumedAt),
            EndedIn = MigrationRules.WordOf(result.EndedIn),
            FailedSide = result.Failed is { } side ? MigrationRules.WordOf(side) : null,
            Error = Error(result),
            Steps = Steps(result),
            Rounds = [.. result.Rounds.Select(round => new MigrationRoundRow(Nanoseconds(round.Start), Known(round.End), round.Pages, round.ZeroPages, round.Bytes))],
            Bytes = result.Rounds.Sum(round => round.Bytes) + result.StateBytes,
            StateBytes = result.StateBytes,
            StateItems = result.StateItems,
            Pending = result.StateItems > 0 ? Pending(result.Pending) : null,
            Tamper = [.. (plan?.TransferFaults ?? []).Select(TextOf)],
            RegistersCompared = registers.Count,
            RegistersChanged = registers.Count(register => register.Differs),
            Registers = [.. registers.OrderByDescending(register => (register.Differs, RegisterReasons.IsViolation(register.Judgement))).Take(MostRegisters)],
        };
    }

    private static List<MigrationStepRow> Steps(MigrationResult result)
    {
        var rows = new List<MigrationStepRow>();
        var end = result.EndedAt;
        foreach (var step in Enum.GetValues<MigrationStep>().Take((int)MigrationStep.Done).Reverse())
        {
            var began = result.Began(step);
            if (!began.IsNever)
            {
                rows.Add(new(MigrationRules.WordOf(step), Nanoseconds(began), Known(end)));
                end = began;
            }
        }

        rows.Reverse();
        return rows;
    }

    private static string? Error(MigrationResult result)
    {
        var group = result.Refused != 0 ? MigrationRules.WordOf((StateGroup)result.Refused) : null;
        return (result.Error, group) switch
        {
            (0, null) => null,
            (0, _) => $"refused at {group}",
            (_, null) => ErrnoNames.Of(result.Error),
            _ => $"{ErrnoNames.Of(result.Error)} at {group}",
        };
    }

    private static PendingRow Pending(PendingInterrupts pending) => new(pending.Ipis, pending.Vectors, pending.Pins, pending.Lines, pending.Timers);

    /// <summary>By the device's name on any host: the reader compares one device, not two.</summary>
    private static RegisterChange Register(AuditedRow row) => new(
        new ActorAddress(0, row.Device.Role, row.Device.Index).ToString(), row.Row, $"0x{row.Before:x}", $"0x{row.After:x}", row.Before != row.After, row.Judgement);

    private static decimal? Span(VirtualTime begin, VirtualTime end) => begin.IsNever || end.IsNever ? null : Nanoseconds(end - begin);

    private static decimal? Known(VirtualTime time) => time.IsNever ? null : Nanoseconds(time);

    private static decimal Nanoseconds(VirtualTime time) => (decimal)time.Picoseconds / VirtualTime.PerNanosecond;
}
