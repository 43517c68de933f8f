using Trapline.Actors.Devices;
using Trapline.Actors.Kernel;
using Trapline.Actors.Publishing;
using Trapline.Actors.Statistics;
using Trapline.Devices.Arm.Ownership;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Machines.Tests.Guests.Arm;

/// <summary>In the place of a GIC's board: does what a test says at times that it gives, keeps what comes, answers accesses with one value.</summary>
internal sealed class ScriptedGic(params (long Nanoseconds, Action<ScriptedGic> Act)[] script) : Actor(new ActorAddress(0, ActorRole.Gic, 0), timerCount: Math.Max(1, script.Length))
{
    private uint _sequence;

    /// <summary>What an access reads.</summary>
    public const ulong Value = 0x5A;

    public List<(VirtualTime At, Message Message)> Log { get; } = [];

    public IEnumerable<Message> Of(MessageKind kind) => Log.Where(one => one.Message.Kind == kind).Select(one => one.Message);

    public override void Start()
    {
        for (var i = 0; i < script.Length; i++)
        {
            ArmTimer(i, VirtualTime.FromNanoseconds(script[i].Nanoseconds));
        }
    }

    /// <summary>GICD_CTLR's enables.</summary>
    public void Enable(int vcpu, uint groups = 2) =>
        Send(Vcpu(vcpu), MessageKind.Publish, (uint)PublishedTable.GicEnables | (1UL << 32), 0, groups, 1);

    /// <summary>Hands an interrupt of group 1 over, from now.</summary>
    public void Hand(int vcpu, int interruptId, HandoverFlags flags = HandoverFlags.SetLatch, byte priority = 0xA0, InterruptSource source = InterruptSource.Msi) => Send(
        Vcpu(vcpu), MessageKind.InterruptHand, new Handover(interruptId, priority, flags | HandoverFlags.Group1, ++_sequence).Packed,
        1 | ((ulong)source << 8), (ulong)Now.Picoseconds, (ulong)Now.Picoseconds);

    public void Recall(int vcpu, int first, uint mask) =>
        Send(Vcpu(vcpu), MessageKind.InterruptRecall, (uint)first | ((ulong)mask << 32), word3: (ulong)Now.Picoseconds);

    /// <summary>A word of another CPU's SGI frame.</summary>
    public void Write(int vcpu, ulong address, ulong value) =>
        Send(Vcpu(vcpu), MessageKind.MmioWrite, address, sizeof(uint), value, (ulong)Now.Picoseconds);

    public void Tell(int vcpu, MessageKind kind, ulong word0 = 0, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0) => Send(Vcpu(vcpu), kind, word0, word1, word2, word3);

    protected override void Handle(in Message message)
    {
        if (message.Kind == MessageKind.Timer)
        {
            script[message.Word0].Act(this);
            return;
        }

        Log.Add((Now, message));
        if (message.Kind is MessageKind.MmioRead or MessageKind.MmioWrite)
        {
            var reason = message.Kind == MessageKind.MmioRead ? ExitReasons.DistributorRead(message.Word0 & 0xFFFF) : ExitReasons.DistributorWrite(message.Word0 & 0xFFFF);
            Send(message.Source, MessageKind.AccessAnswer, Value, 0, (ulong)reason);
        }
    }

    protected override void SyncRows(StateSync sync) => sync.Row("sequence", ref _sequence);

    private static ActorAddress Vcpu(int index) => new(0, ActorRole.Vcpu, index);
}
