using Trapline.Actors.Faults;
using Trapline.Actors.Invariants;
using Trapline.Actors.Kernel;
using Trapline.Devices.Common;
using Trapline.Messages;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Actors.Tests.Invariants;

/// <summary>What devices report and actors send that must not be, one thing each.</summary>
public sealed class InvariantTests
{
    private const int Ipi = 12;

    private static readonly ActorAddress Cpu = ScriptedDevice.At(ActorRole.Vcpu);
    private static readonly ActorAddress Board = ScriptedDevice.At(ActorRole.Boundary);

    [Fact]
    public void An_IPI_that_was_not_raised_is_not_acknowledged()
    {
        Holds(ActorRole.Ipi, device => device.Report(ReportKind.Masked, Ipi, 6), device => device.Report(ReportKind.Acknowledged, Ipi, 6));
        Violates(
            Invariant.RaiseInvented, ActorRole.Ipi, 2,
            device => device.Report(ReportKind.Masked, Ipi, 4), device => device.Report(ReportKind.Acknowledged, Ipi, 6));
        Violates(
            Invariant.RaiseInvented, ActorRole.Ipi, 3,
            device => device.Report(ReportKind.Masked, Ipi, 4), device => device.Report(ReportKind.Acknowledged, Ipi, 4), device => device.Report(ReportKind.Acknowledged, Ipi, 4));
    }

    [Fact]
    public void A_raise_is_not_served_with_one_that_is_not_there() =>
        Violates(Invariant.RaiseLost, ActorRole.Ipi, 1, device => device.Report(ReportKind.Coalesced, Ipi, 2));

    [Fact]
    public void A_unit_in_which_something_was_raised_drives_its_line_before_it_answers()
    {
        Violates(
            Invariant.RaiseLost, ActorRole.Ipi, 2,
            device => device.Report(ReportKind.Raised, Ipi, 2), device => device.Tell(Board, MessageKind.IpiAnswer));
        Holds(
            ActorRole.Ipi,
            device => device.Report(ReportKind.Raised, Ipi, 2), device => device.Tell(Cpu, MessageKind.LineChange, Ipi, 1), device => device.Tell(Board, MessageKind.IpiAnswer));
    }

    [Fact]
    public void A_vector_is_pending_at_one_CPU_and_moves_only_after_it_was_taken_back()
    {
        Violates(Invariant.OneOwner, ActorRole.Eiointc, 2, device => device.Report(ReportKind.Raised, 40, 1), device => device.Report(ReportKind.Raised, 40, 2));
        Holds(
            ActorRole.Eiointc,
            device => device.Report(ReportKind.Raised, 40, 1), device => device.Report(ReportKind.Withdrawn, 40, 1), device => device.Report(ReportKind.Raised, 40, 2));
    }

    [Fact]
    public void A_vector_is_raised_once_and_acknowledged_where_it_is()
    {
        Violates(Invariant.RaiseRepeated, ActorRole.Eiointc, 2, device => device.Report(ReportKind.Raised, 40, 1), device => device.Report(ReportKind.Raised, 40, 1));
        Violates(Invariant.RaiseLost, ActorRole.Eiointc, 1, device => device.Report(ReportKind.Coalesced, 40, 1));
        Violates(Invariant.RaiseInvented, ActorRole.Eiointc, 2, device => device.Report(ReportKind.Raised, 40, 1), device => device.Report(ReportKind.Acknowledged, 40, 2));
        Violates(Invariant.Pairing, ActorRole.Eiointc, 1, device => device.Report(ReportKind.Withdrawn, 40, 1));

        // All ones: it goes nowhere, and is taken back at once.
        Holds(ActorRole.Eiointc, device => device.Report(ReportKind.Raised, 40, ulong.MaxValue), device => device.Report(ReportKind.Withdrawn, 40, ulong.MaxValue));
    }

    [Fact]
    public void While_a_vector_is_pending_a_line_of_its_CPU_is_high()
    {
        Violates(
            Invariant.RaiseLost, ActorRole.Eiointc, 2,
            device => device.Report(ReportKind.Raised, 40, 0), device => device.Tell(Board, MessageKind.InputAnswer));
        Holds(
            ActorRole.Eiointc,
            device => device.Report(ReportKind.Raised, 40, 0), device => device.Tell(Cpu, MessageKind.LineChange, 3, 1), device => device.Tell(Board, MessageKind.InputAnswer));
    }

    [Fact]
    public void A_pin_ends_only_what_it_began()
    {
        Holds(ActorRole.PchPic, device => device.Report(ReportKind.Raised, 16), device => device.Report(ReportKind.Ended, 16));
        Violates(Invariant.Pairing, ActorRole.PchPic, 1, device => device.Report(ReportKind.Ended, 16));
        Violates(Invariant.Pairing, ActorRole.PchPic, 2, device => device.Report(ReportKind.Raised, 17), device => device.Report(ReportKind.Acknowledged, 16));
    }

    [Fact]
    public void What_one_source_sends_arrives_in_its_order()
    {
        // Two posts of a controller that waits for no answer: the first is held up until the second has passed it.
        var late = new FaultPlan { Kind = FaultKind.Delay, Message = MessageKind.PinInput, Nth = 1, By = VirtualTime.FromNanoseconds(100) };
        Assert.Empty(Posts(null));
        var violation = Assert.Single(Posts(late));
        Assert.Equal(Invariant.Order, violation.Invariant);
        Assert.Equal(VirtualTime.FromNanoseconds(10 + 25 + 100), violation.At);

        static IReadOnlyList<Violation> Posts(FaultPlan? fault)
        {
            var source = new ScriptedDevice(ActorRole.Uart, 0, (10, Post), (50, Post));
            using var engine = ScriptedDevice.Engine(fault, [source], [new ScriptedDevice(ActorRole.Rtc)]);
            return Run(engine);
        }

        static void Post(ScriptedDevice device) => device.Tell(ScriptedDevice.At(ActorRole.Rtc), MessageKind.PinInput, 1, 1);
    }

    [Fact]
    public void The_first_violation_ends_the_run_the_greatest_latency_later()
    {
        var device = new ScriptedDevice(ActorRole.PchPic, 0, (10, one => one.Report(ReportKind.Ended, 1)), (34, one => one.Report(ReportKind.Ended, 2)), (35, one => one.Report(ReportKind.Ended, 3)));
        using var engine = ScriptedDevice.Engine(null, [device], [new ScriptedDevice(ActorRole.Rtc)]);
        Assert.Equal(2, Run(engine).Count);
        Assert.Equal(EndReason.Violation, engine.End!.Reason);
        Assert.Equal(VirtualTime.FromNanoseconds(35), engine.StopAt);
    }

    [Fact]
    public void After_state_was_loaded_anything_may_be_pending_until_it_was_seen()
    {
        var written = new StateWriter();
        using (var engine = ScriptedDevice.Engine(null, [new ScriptedDevice(ActorRole.Ipi)], [new ScriptedDevice(ActorRole.Rtc)]))
        {
            engine.SyncState(written);
        }

        var device = new ScriptedDevice(ActorRole.Ipi);
        using var loaded = ScriptedDevice.Engine(null, [device], [new ScriptedDevice(ActorRole.Rtc)]);
        loaded.SyncState(new StateReader(written.Written));
        device.Report(ReportKind.Acknowledged, Ipi, 2);
        Assert.Empty(loaded.Groups.First().Observer!.Violations);
        device.Report(ReportKind.Acknowledged, Ipi, 2);
        Assert.Equal(Invariant.RaiseInvented, Assert.Single(loaded.Groups.First().Observer!.Violations).Invariant);
    }

    private static void Holds(ActorRole role, params Action<ScriptedDevice>[] steps) => Assert.Empty(Steps(role, steps));

    /// <param name="expected">What is violated first.</param>
    /// <param name="role">Of the device that takes the steps.</param>
    /// <param name="step">Which step does it, from 1.</param>
    /// <param name="steps">One a microsecond.</param>
    private static void Violates(Invariant expected, ActorRole role, int step, params Action<ScriptedDevice>[] steps)
    {
        var violation = Assert.Single(Steps(role, steps));
        Assert.Equal(expected, violation.Invariant);
        Assert.Equal(VirtualTime.FromNanoseconds(step * 1_000), violation.At);
    }

    private static IReadOnlyList<Violation> Steps(ActorRole role, Action<ScriptedDevice>[] steps)
    {
        var device = new ScriptedDevice(role, 0, [.. steps.Select((act, i) => ((i + 1) * 1_000L, act))]);
        using var engine = ScriptedDevice.Engine(null, [device], [new ScriptedDevice(ActorRole.Boundary)], [new ScriptedDevice(ActorRole.Vcpu)]);
        return Run(engine);
    }

    private static IReadOnlyList<Violation> Run(Engine engine)
    {
        engine.Start();
        engine.Run(VirtualTime.Never);
        return [.. engine.Groups.SelectMany(group => group.Observer!.Violations).OrderBy(violation => violation.At)];
    }
}
