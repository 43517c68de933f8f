using Trapline.Actors.Faults;
using Trapline.Actors.Kernel;
using Trapline.Devices.Common;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Tests.Invariants;

/// <summary>An actor of any role that sends and reports what a test says, at times that the test gives.</summary>
internal sealed class ScriptedDevice(ActorRole role, int index = 0, params (long Nanoseconds, Action<ScriptedDevice> Act)[] script)
    : Actor(At(role, index), timerCount: Math.Max(1, script.Length))
{
    public static readonly VirtualTime Latency = VirtualTime.FromNanoseconds(25);

    public List<(VirtualTime At, Message Message)> Log { get; } = [];

    public static ActorAddress At(ActorRole role, int index = 0) => new(0, role, index);

    /// <summary>An engine that watches over groups of such actors.</summary>
    public static Engine Engine(FaultPlan? fault, params ScriptedDevice[][] groups) => Engine(fault, invariants: true, groups);

    public static Engine Engine(FaultPlan? fault, bool invariants, params ScriptedDevice[][] groups)
    {
        var plans = groups.Select((actors, i) => new GroupPlan($"group{i}", 0, [.. actors.Select(actor => actor.Address)], () => actors)).ToArray();
        var plan = new SimulationPlan(plans, new PathTable(["scripted"], (_, _) => new PathTable.Path(Latency)), 1, new SimulationLimits())
        {
            Faults = fault is null ? [] : [fault],
        };
        return new Engine(plan, Placement.OneNode(groups.Length), 0, new EngineOptions { Invariants = invariants });
    }

    public override void Start()
    {
        for (var i = 0; i < script.Length; i++)
        {
            ArmTimer(i, VirtualTime.FromNanoseconds(script[i].Nanoseconds));
        }
    }

    public void Tell(ActorAddress target, MessageKind kind, ulong word0 = 0, ulong word1 = 0) => Send(target, kind, word0, word1);

    public void Report(ReportKind kind, int line, ulong detail = 0) => Observer!.Reported(this, new DeviceReport(kind, line, detail));

    protected override void Handle(in Message message)
    {
        if (message.Kind == MessageKind.Timer)
        {
            script[message.Word0].Act(this);
            return;
        }

        Log.Add((Now, message));
        if (MessageForms.IsCall(message.Kind))
        {
            Send(message.Source, MessageForms.AnswerTo(message.Kind));
        }
    }

    protected override void SyncRows(StateSync sync)
    {
        var handled = Log.Count;
        sync.Row("log", ref handled);
    }
}
