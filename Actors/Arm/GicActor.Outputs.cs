using System.Numerics;
using Trapline.Actors.Devices;
using Trapline.Actors.Kernel;
using Trapline.Actors.Publishing;
using Trapline.Actors.Statistics;
using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Ownership;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Arm;

/// <summary>
/// What a GIC tells the CPU interfaces: interrupts that it hands over, the enables of the distributor; and what it wants back from
/// them before it can go on. One goes out after the other, in the order in which the board has them.
/// </summary>
public sealed partial class GicActor
{
    // Of those that the board has asked for.
    private int _recallsMissing;

    // Copies of the enables that were sent and not yet acknowledged.
    private int _enablesMissing;
    private ulong _enableVersion;

    // vCPUs that have not said yet that they leave the guest, and the most that any of the others has cost.
    private int _haltsMissing;
    private VirtualTime _haltCost;
    private CostBill _haltBill;

    // The command at hand of a batch is paid for.
    private bool _commandPaid;

    /// <summary>An operation waits for what CPU interfaces have.</summary>
    public bool IsRecalling => _recallsMissing > 0;

    /// <summary>The request is one that can make an ITS work through its queue.</summary>
    private bool RunsCommands => Request.Kind == MessageKind.MmioWrite && IsOfIts(in Request);

    void IGicBoardHost.Hand(int vcpu, in Handover handover)
    {
        PayCommand();
        AddOutput(GicOutputs.Hand(vcpu, in handover));
        _fates.Handed(in handover, IsOfUserSpace);
    }

    void IGicBoardHost.PublishEnable(uint enabledGroups) => AddOutput(GicOutputs.Enable(enabledGroups));

    void IGicBoardHost.Ended(int interruptId) => AddOutput(GicOutputs.Ended(interruptId));

    void IGicBoardHost.CommandDone(int its, uint offset, byte opcode, int result)
    {
        PayCommand();
        _commandPaid = false;
        Commands.Note(result);
    }

    protected override bool Raises(in DeviceOutput output) => GicOutputs.StepOf(in output) == GicStep.Hand;

    protected override bool CanHave(in DeviceOutput output) => GicOutputs.IsValid(in output, _vcpus);

    protected override bool SendOutput(in DeviceOutput output, ulong levelAndSource, ulong origin)
    {
        var vcpu = new ActorAddress(Address.Machine, ActorRole.Vcpu, GicOutputs.VcpuOf(in output));
        switch (GicOutputs.StepOf(in output))
        {
            case GicStep.Hand:
                Send(vcpu, MessageKind.InterruptHand, output.Number, levelAndSource, OriginOf(origin), (ulong)Now.Picoseconds);
                return true;
            case GicStep.Recall:
                var recall = GicOutputs.RecallOf(in output);
                Send(vcpu, MessageKind.InterruptRecall, (uint)recall.FirstInterrupt | ((ulong)recall.Mask << 32), word3: (ulong)Now.Picoseconds);
                return true;
            case GicStep.Enable:
                PublishEnable(output.Number);
                return true;
            case GicStep.Halt:
                Halt(GicOutputs.VcpuOf(in output));
                return true;
            case GicStep.Ended:
                Send(_boundary, MessageKind.InterruptEnded, output.Number);
                return false;
            case GicStep.Pay:
                Spend(new VirtualTime(_commandCost.Picoseconds * (long)output.Number));
                return false;
            default:
                Advance();
                return false;
        }
    }

    protected override void Answered(in Message answer)
    {
        if (answer.Kind != MessageKind.InterruptRecalled)
        {
            return;
        }

        var recall = GicOutputs.RecallOf(LastSent);
        var returned = new RecallAnswer((uint)answer.Word2, (uint)(answer.Word2 >> 32), (uint)answer.Word3);
        for (var latched = returned.Held & returned.Latched & recall.Mask; latched != 0; latched &= latched - 1)
        {
            _fates.CameBack(recall.FirstInterrupt + BitOperations.TrailingZeroCount(latched));
        }

        _board.Returned(recall, returned);
        if (--_recallsMissing == 0)
        {
            Advance();
        }
    }

    protected override bool TakeAtOnce(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.InterruptEnded:
                Send(_boundary, MessageKind.InterruptEnded, message.Word0);
                return true;
            case MessageKind.GuestHalted when _haltsMissing == 0:
                throw new SimulationException($"{Address} is told at {Now} that a vCPU leaves the guest, for which it has not asked: {message}");
            case MessageKind.GuestHalted:
                Halted(in message);
                return true;
            case MessageKind.PublishAnswer when _enablesMissing == 0 || message.Word3 != _enableVersion:
                throw new SimulationException($"{Address} is told at {Now} that enables were taken over, which it has not sent: {message}");
            case MessageKind.PublishAnswer:
                if (--_enablesMissing == 0)
                {
                    EndOutput(in message);
                }

                return true;
            default:
                return false;
        }
    }

    /// <summary>Posts have no origin of their own: what they let out counts from when they came.</summary>
    private ulong OriginOf(ulong origin) => Request.Kind is MessageKind.MmioRead or MessageKind.MmioWrite or MessageKind.PinInput or MessageKind.MessageSignal
        ? origin
        : (ulong)Request.Due.Picoseconds;

    /// <summary>Lets the board go on until it is done or lacks something; what it does meanwhile goes out first.</summary>
    private void Advance()
    {
        if (_board.TryAdvance())
        {
            _commandPaid = false;
            Finish();
            return;
        }

        PayCommand();
        _recallsMissing = _board.Recalls.Count;
        if (_recallsMissing == 0)
        {
            AddOutput(GicOutputs.GoOn());
        }

        foreach (var recall in _board.Recalls)
        {
            AddOutput(GicOutputs.Recall(in recall));
        }
    }

    /// <summary>A command costs before it has an effect elsewhere.</summary>
    private void PayCommand()
    {
        if (!_commandPaid && RunsCommands)
        {
            _commandPaid = true;
            AddOutput(GicOutputs.Pay(1));
        }
    }

    /// <summary>All at once, as one broadcast of an interrupt between the host's CPUs: the slowest is waited for.</summary>
    private void Halt(int leftOut)
    {
        (_haltsMissing, _haltCost, _haltBill) = (_vcpus - 1, VirtualTime.Zero, default);
        for (var vcpu = 0; vcpu < _vcpus; vcpu++)
        {
            if (vcpu != leftOut)
            {
                Send(new ActorAddress(Address.Machine, ActorRole.Vcpu, vcpu), MessageKind.GuestHalt, word3: (ulong)Now.Picoseconds);
            }
        }
    }

    private void Halted(in Message answer)
    {
        if (new VirtualTime((long)answer.Word0) > _haltCost)
        {
            (_haltCost, _haltBill) = (new VirtualTime((long)answer.Word0), new CostBill(answer.Word1));
        }

        if (--_haltsMissing == 0)
        {
            EndOutput(in answer, _haltCost, _haltBill);
            (_haltCost, _haltBill) = (VirtualTime.Zero, default);
        }
    }

    /// <summary>All at once; the write goes on when the last has acknowledged.</summary>
    private void PublishEnable(ulong groups)
    {
        _enableVersion++;
        _enablesMissing = _vcpus;
        for (var vcpu = 0; vcpu < _vcpus; vcpu++)
        {
            Send(new ActorAddress(Address.Machine, ActorRole.Vcpu, vcpu), MessageKind.Publish, PublishedRows.Head(PublishedTable.GicEnables, isLast: true), 0, groups, _enableVersion);
        }
    }

    private void SyncOutgoing(StateSync sync)
    {
        sync.Count("recallsMissing", ref _recallsMissing, InterruptIds.LpiEnd);
        sync.Count("enablesMissing", ref _enablesMissing, _vcpus);
        sync.Row("enableVersion", ref _enableVersion);
        sync.Count("haltsMissing", ref _haltsMissing, _vcpus);
        sync.Row("haltCost", ref _haltCost);
        var bill = _haltBill.Packed;
        sync.Row("haltBill", ref bill);
        _haltBill = new CostBill(bill);
        sync.Row("commandPaid", ref _commandPaid);
    }
}
