using Trapline.Actors.Kernel;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Machines.Tests.Boundary;

/// <summary>A second program of user space: makes the calls that a test gives it, one after the other, and keeps the answers.</summary>
internal sealed class Caller() : Actor(new ActorAddress(0, ActorRole.Process, 0), timerCount: 1)
{
    private static readonly VirtualTime Period = VirtualTime.FromNanoseconds(1_000);

    private readonly Queue<(ActorAddress File, MessageKind Kind, ulong[] Words)> _calls = new();

    /// <summary>Errno, and what the call wrote back.</summary>
    public List<(long Result, ulong Value)> Answers { get; } = [];

    /// <summary>What came without being the answer to a call.</summary>
    public List<Message> Notices { get; } = [];

    /// <summary>The next call, made within a microsecond. Messages without an answer go with it, before it.</summary>
    public void Make(params (ActorAddress File, MessageKind Kind, ulong[] Words)[] messages) => Array.ForEach(messages, _calls.Enqueue);

    public override void Start() => ArmTimer(0, Period);

    protected override void Handle(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.Timer:
                ArmTimer(0, Now + Period);
                while (_calls.TryDequeue(out var call))
                {
                    var words = call.Words;
                    Send(call.File, call.Kind, words[0], words[1], words[2], words[3]);
                }

                break;
            case MessageKind.IoctlAnswer:
                Answers.Add(((long)message.Word0, message.Word1));
                break;
            case MessageKind.InputAnswer:
                Answers.Add((0, message.Word0));
                break;
            case >= MessageKind.StopRun and <= MessageKind.SectionLoaded:
            case MessageKind.AccessAnswer:
                Notices.Add(message);
                break;
            default:
                throw Unexpected(in message);
        }
    }

    protected override void SyncRows(StateSync sync)
    {
    }
}
