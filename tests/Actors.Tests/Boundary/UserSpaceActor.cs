using Trapline.Actors.Kernel;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Tests.Boundary;

/// <summary>A user space that starts one vCPU and answers what it asks with one value, so many times.</summary>
internal sealed class UserSpaceActor(ulong value, int answers = 1) : Actor(new ActorAddress(0, ActorRole.Vmm, 0), timerCount: 1)
{
    private int _answers = answers;

    public List<(MessageKind Kind, ulong Word0, ulong Word1, ulong Word2, ulong Word3)> Received { get; } = [];

    public override void Start() => ArmTimer(0, VirtualTime.Zero);

    protected override void Handle(in Message message)
    {
        if (message.Kind == MessageKind.Timer)
        {
            Send(new ActorAddress(0, ActorRole.Vcpu, 0), MessageKind.Life, 1);
            Send(new ActorAddress(0, ActorRole.Vcpu, 0), MessageKind.Run);
            return;
        }

        // Times in words are ns here, from the moment at which the vCPU began to run.
        var start = message.Kind == MessageKind.UserHypercallArguments ? message.Word3 : (message.Word3 / VirtualTime.PerNanosecond) - 100;
        Received.Add((message.Kind, message.Word0, message.Word1, message.Word2, start));
        if (message.Kind != MessageKind.UserHypercallArguments && _answers-- > 0)
        {
            Send(message.Source, MessageKind.AccessAnswer, value);
        }
    }

    protected override void SyncRows(StateSync sync) => sync.Row("answers", ref _answers);
}
