using Trapline.Actors.Kernel;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Tests.Kernel;

/// <summary>An actor whose behaviour a test gives it.</summary>
internal sealed class ScriptedActor(int index, Action<ScriptedActor, Message> handle, Action<ScriptedActor>? start = null)
    : Actor(At(index), timerCount: 2)
{
    private ulong _state;

    public List<(VirtualTime At, Message Message)> Log { get; } = [];

    public VirtualTime Time => Now;

    public static ActorAddress At(int index) => new(0, ActorRole.Process, index);

    public override void Start() => start?.Invoke(this);

    public void SendTo(int target, ulong word = 0) => Send(At(target), MessageKind.Synthetic, word);

    public void SendTo(int target, VirtualTime delay) => SendAfter(delay, At(target), MessageKind.Synthetic);

    public void Arm(int timer, VirtualTime due) => ArmTimer(timer, due);

    public void Cancel(int timer) => CancelTimer(timer);

    public void End(EndReason reason) => Group.RequestEnd(Address, reason, 0, "scripted");

    /// <summary>An engine over groups of scripted actors; one path between all.</summary>
    public static Engine Engine(PathTable.Path path, SimulationLimits limits, int threads, params ScriptedActor[][] groups)
    {
        var plans = groups.Select((actors, i) => new GroupPlan($"group{i}", 0, [.. actors.Select(actor => actor.Address)], () => actors)).ToArray();
        var plan = new SimulationPlan(plans, new PathTable(["scripted"], (_, _) => path), 1, limits);
        return new Engine(plan, Placement.OneNode(groups.Length), 0, new EngineOptions { Threads = threads });
    }

    protected override void Handle(in Message message)
    {
        Log.Add((Now, message));
        _state++;
        handle(this, message);
    }

    protected override void SyncRows(StateSync sync) => sync.Row("state", ref _state);
}
