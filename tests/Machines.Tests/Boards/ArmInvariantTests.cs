using Trapline.Actors.Faults;
using Trapline.Actors.Invariants;
using Trapline.Actors.Kernel;
using Trapline.Machines.Tests.Guests;
using Trapline.Messages;
using Xunit;

namespace Trapline.Machines.Tests.Boards;

/// <summary>What is lost, repeated or never answered between a GIC and its CPUs is seen; nothing is where all goes well.</summary>
public sealed class ArmInvariantTests
{
    private const int Rounds = 4;

    [Fact]
    public void Nothing_is_violated_where_nothing_goes_wrong()
    {
        using var run = New().ToEnd();
        Assert.True(run.End is { Reason: EndReason.Exit, Code: 0 }, run.End?.Detail ?? "the guest did not come to its exit");
        Assert.Empty(run.Result().Observed.Violations);
    }

    [Theory]
    [InlineData(FaultKind.Drop, MessageKind.InterruptHand, 3, Invariant.RaiseLost)]
    [InlineData(FaultKind.Drop, MessageKind.SgiSignal, 1, Invariant.RaiseLost)]
    [InlineData(FaultKind.Drop, MessageKind.MessageSignal, 2, Invariant.RaiseLost)]
    [InlineData(FaultKind.Drop, MessageKind.PinInput, 1, Invariant.RaiseLost)]
    [InlineData(FaultKind.Repeat, MessageKind.InterruptHand, 4, Invariant.RaiseRepeated)]
    [InlineData(FaultKind.Repeat, MessageKind.SgiSignal, 1, Invariant.RaiseRepeated)]
    [InlineData(FaultKind.Drop, MessageKind.InterruptRecall, 1, Invariant.Call)]
    public void What_goes_wrong_on_the_way_is_seen(FaultKind kind, MessageKind message, long nth, Invariant expected)
    {
        using var run = New(new FaultPlan { Kind = kind, Message = message, Nth = nth }).ToEnd();
        var violations = run.Result().Observed.Violations;
        Assert.True(violations.Count > 0, $"nobody has seen {kind} of {message}: {run.End?.Detail}");
        Assert.Equal((expected, EndReason.Violation), (violations[0].Invariant, run.End?.Reason));
    }

    private static GuestRun New(params FaultPlan[] faults) => new(
        ArmChurnGuest.Source(Rounds, ("message_period", "41us"), ("level_period", "83us"), ("pause", "17us")),
        ArmChurnGuest.Vcpus,
        GuestRun.Costs(("kernelAccess", 460), ("userAccess", 1_700), ("injectionIoctl", 200), ("kickIdle", 600), ("kickRunning", 400), ("wakeRunning", 800), ("wakeIdle", 4_000)),
        options: new EngineOptions { Invariants = true },
        until: VirtualTime.FromNanoseconds(20_000_000),
        faults: faults);
}
