using Trapline.Actors.Faults;
using Trapline.Actors.Kernel;
using Trapline.Messages;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Actors.Tests.Invariants;

public sealed class FaultTests
{
    private static readonly ActorAddress Near = ScriptedDevice.At(ActorRole.PchPic);
    private static readonly ActorAddress Far = ScriptedDevice.At(ActorRole.Eiointc);

    public static TheoryData<MessageKind> Calls => [.. Enum.GetValues<MessageKind>().Where(MessageForms.IsCall)];

    [Theory]
    [InlineData(false, 20)]
    [InlineData(true, 45)]
    public void A_delayed_message_comes_later_and_the_others_as_ever(bool far, long due)
    {
        var received = Received(far, FaultKind.Delay, nth: 2, by: 7);
        Assert.Equal([due - 10, due + 7, due + 10], received.Select(one => one.At.Picoseconds / 1_000));
    }

    [Theory]
    [InlineData(false, 20)]
    [InlineData(true, 45)]
    public void A_dropped_message_never_comes(bool far, long due) =>
        Assert.Equal([due - 10, due + 10], Received(far, FaultKind.Drop, nth: 2).Select(one => one.At.Picoseconds / 1_000));

    [Theory]
    [InlineData(false, 20)]
    [InlineData(true, 45)]
    public void A_repeated_message_comes_twice(bool far, long due)
    {
        Assert.Equal([due - 10, due, due, due + 10], Received(far, FaultKind.Repeat, nth: 2).Select(one => one.At.Picoseconds / 1_000));
        Assert.Equal([due - 10, due, due + 3, due + 10], Received(far, FaultKind.Repeat, nth: 2, by: 3).Select(one => one.At.Picoseconds / 1_000));
    }

    [Fact]
    public void The_answer_to_a_repeated_call_comes_once()
    {
        var source = Source(Far);
        using var engine = ScriptedDevice.Engine(Plan(FaultKind.Repeat, nth: 2), invariants: false, [source], [new ScriptedDevice(ActorRole.Eiointc)]);
        engine.Start();
        engine.Run(VirtualTime.Never);
        Assert.Equal([60, 70, 80], source.Log.Select(one => one.At.Picoseconds / 1_000));
        Assert.All(source.Log, one => Assert.Equal((MessageKind.InputAnswer, Far), (one.Message.Kind, one.Message.Source)));
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void Who_makes_a_call_that_is_dropped_is_answered_at_once(MessageKind call)
    {
        var source = new ScriptedDevice(ActorRole.Uart, 0, (10, device => device.Tell(Far, call, 5, 1)));
        var plan = Plan(FaultKind.Drop, nth: 1) with { Message = call };
        using var engine = Run(plan, source, new ScriptedDevice(ActorRole.Eiointc));
        var (at, answer) = Assert.Single(source.Log);
        Assert.Equal(VirtualTime.FromNanoseconds(10), at);
        Assert.Equal((MessageForms.AnswerTo(call), Far, 0UL), (answer.Kind, answer.Source, answer.Word1));
    }

    [Fact]
    public void Each_path_has_its_own_count_and_an_open_side_fits_all()
    {
        var source = new ScriptedDevice(
            ActorRole.Uart, 0, (10, one => one.Tell(Near, MessageKind.PinInput)), (20, one => one.Tell(Far, MessageKind.PinInput)), (30, one => one.Tell(Far, MessageKind.PinInput)), (40, one => one.Tell(Near, MessageKind.PinInput)));
        using var engine = Run(Plan(FaultKind.Drop, nth: 2) with { From = ActorPattern.Any, To = ActorPattern.Any }, source, new ScriptedDevice(ActorRole.Eiointc));
        Assert.Equal([(30_000L, Far), (40_000L, Near)], engine.Groups.First().FiredFaults.Select(fault => (fault.At.Picoseconds, fault.Target)));
        using var elsewhere = Run(Plan(FaultKind.Drop, nth: 2) with { From = new ActorPattern(ActorRole.Rtc) }, Source(Far), new ScriptedDevice(ActorRole.Eiointc));
        Assert.Empty(elsewhere.Groups.SelectMany(group => group.FiredFaults));
    }

    [Fact]
    public void What_was_counted_goes_into_saved_state_and_comes_back()
    {
        var plan = Plan(FaultKind.Drop, nth: 3);
        var written = new StateWriter();
        using (var engine = Start(plan, Source(Far), new ScriptedDevice(ActorRole.Eiointc)))
        {
            engine.Run(VirtualTime.FromNanoseconds(26));
            engine.SyncState(written);
        }

        using var loaded = ScriptedDevice.Engine(plan, [Source(Far), new ScriptedDevice(ActorRole.PchPic)], [new ScriptedDevice(ActorRole.Eiointc)]);
        loaded.SyncState(new StateReader(written.Written));
        loaded.Run(VirtualTime.Never);
        Assert.Equal(VirtualTime.FromNanoseconds(30), Assert.Single(loaded.Groups.First().FiredFaults).At);
    }

    [Fact]
    public void A_fault_is_named_as_it_is_written()
    {
        var plan = Plan(FaultKind.Delay, nth: 17, by: 5_000);
        Assert.Equal("delay PinInput#17 uart0->* by 5us", plan.ToString());
        Assert.Equal("delay PinInput#17 uart0->eiointc0 by 5us", plan.Text(ScriptedDevice.At(ActorRole.Uart), Far));
    }

    private static List<(VirtualTime At, Message Message)> Received(bool far, FaultKind kind, int nth, long by = 0)
    {
        var (near, target) = (new ScriptedDevice(ActorRole.PchPic), new ScriptedDevice(ActorRole.Eiointc));
        using var engine = ScriptedDevice.Engine(Plan(kind, nth, by), [Source(far ? Far : Near), near], [target]);
        engine.Start();
        engine.Run(VirtualTime.Never);
        return far ? target.Log : near.Log;
    }

    /// <summary>Drives an input at 10, 20 and 30 ns.</summary>
    private static ScriptedDevice Source(ActorAddress target)
    {
        return new ScriptedDevice(ActorRole.Uart, 0, (10, Drive), (20, Drive), (30, Drive));

        void Drive(ScriptedDevice device) => device.Tell(target, MessageKind.PinInput, 1);
    }

    private static FaultPlan Plan(FaultKind kind, int nth, long by = 0) => new()
    {
        Kind = kind,
        Message = MessageKind.PinInput,
        From = new ActorPattern(ActorRole.Uart, 0),
        Nth = nth,
        By = VirtualTime.FromNanoseconds(by),
    };

    private static Engine Run(FaultPlan plan, ScriptedDevice source, ScriptedDevice target)
    {
        var engine = Start(plan, source, target);
        engine.Run(VirtualTime.Never);
        return engine;
    }

    private static Engine Start(FaultPlan plan, ScriptedDevice source, ScriptedDevice target)
    {
        var engine = ScriptedDevice.Engine(plan, [source, new ScriptedDevice(ActorRole.PchPic)], [target]);
        engine.Start();
        return engine;
    }
}
