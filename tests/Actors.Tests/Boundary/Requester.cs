using Trapline.Actors.Kernel;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Tests.Boundary;

/// <summary>User space, as far as it gives CPU ids: sends each request at its time and keeps the answers.</summary>
internal sealed class Requester(params (long Nanoseconds, ulong Vcpu, ulong Id)[] requests)
    : Actor(Itself, timerCount: requests.Length)
{
    public static readonly ActorAddress Itself = new(0, ActorRole.Process, 0);

    public List<(VirtualTime At, long Result)> Answers { get; } = [];

    public override void Start()
    {
        for (var i = 0; i < requests.Length; i++)
        {
            ArmTimer(i, VirtualTime.FromNanoseconds(requests[i].Nanoseconds));
        }
    }

    protected override void Handle(in Message message)
    {
        if (message.Kind == MessageKind.AssignCpuIdAnswer)
        {
            Answers.Add((Now, (long)message.Word0));
            return;
        }

        var (_, vcpu, id) = requests[(int)message.Word0];
        Send(new ActorAddress(0, ActorRole.Boundary, 0), MessageKind.AssignCpuId, vcpu, id);
    }

    protected override void SyncRows(StateSync sync)
    {
    }
}
