using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Laws;

/// <summary>
/// The board's half of a GIC, in the middle of operations too. Its CPUs are such as answer recalls at random, which no state of the
/// board may mind.
/// </summary>
internal sealed class GicBoardSubject : LawSubject, IGicBoardHost
{
    private readonly ItsRam _ram = new();
    private readonly GicBoard _board;

    public GicBoardSubject(GicProfile profile)
    {
        _board = new GicBoard(this, profile, GicOperations.Topology, _ram);
        Do(GicOperation.WriteDistributor(0, 4, 3));
        Do(GicOperation.WriteDistributor(0x104, 4, uint.MaxValue));
        for (var vcpu = 0; vcpu < GicOperations.Vcpus; vcpu++)
        {
            Do(GicOperation.WriteRedistributor(vcpu, 0x70, 8, 0x4040000F));
            Do(GicOperation.WriteRedistributor(vcpu, 0x78, 8, 0x40500000ul + ((ulong)vcpu << 16)));
            Do(GicOperation.WriteRedistributor(vcpu, 0, 4, 1));
        }

        Do(GicOperation.WriteIts(0, 0x100, 8, 0x8000000040100200));
        Do(GicOperation.WriteIts(0, 0x108, 8, 0x8000000040200200));
        Do(GicOperation.WriteIts(0, 0x80, 8, 0x8000000040000000));
        Put(0, 8, 3, 0x8000000040300000);
        Put(1, 9, 0, (1UL << 63) | (1 << 16));
        for (uint event_ = 0; event_ < 4; event_++)
        {
            _ = _ram.TryWrite(0x40400000 + event_, 1, 0xA3);
            Put(2 + (int)event_, 10, event_ | ((ulong)(8192 + event_) << 32), 0);
        }

        Do(GicOperation.WriteIts(0, 0x88, 8, 6 * 32));
        Do(GicOperation.WriteIts(0, 0, 4, 1));
        World.Log.Clear();
    }

    bool IDeviceHost.Listening => true;

    public override void SyncState(StateSync sync)
    {
        _board.SyncState(sync);
        _ram.SyncState(sync);
    }

    void IGicBoardHost.Hand(int vcpu, in Handover handover) => World.Log.Add($"hand {vcpu} {handover}");

    void IGicBoardHost.PublishEnable(uint enabledGroups) => World.Log.Add($"publish {enabledGroups}");

    void IGicBoardHost.Ended(int interruptId) => World.Log.Add($"ended {interruptId}");

    void IGicBoardHost.CommandDone(int its, uint offset, byte opcode, int result) => World.Log.Add($"command {its} {offset:x} {opcode:x} {result:x}");

    void IDeviceHost.Report(in DeviceReport report) => World.Log.Add(report.ToString());

    void IDeviceHost.DrivePin(int pin, bool level) => throw new NotSupportedException();

    void IDeviceHost.ArmTimer(int timer, VirtualTime due) => throw new NotSupportedException();

    void IDeviceHost.CancelTimer(int timer) => throw new NotSupportedException();

    protected override string Act(Step step)
    {
        if (!_board.IsBusy)
        {
            _board.Begin(GicOperations.Of(step));
            return "begun";
        }

        // What is to be fetched is asked for anew each time: a board that was loaded has to be asked, too.
        if (_board.TryAdvance())
        {
            return $"{_board.Value:x} {_board.Result}";
        }

        var recall = _board.Recalls[step.Place % _board.Recalls.Count];
        var held = recall.Mask & (step.Place % 3 == 0 ? (uint)step.Value : uint.MaxValue);
        _board.Returned(recall, new RecallAnswer(held, held & (uint)(step.Value >> 8), held & (uint)(step.Value >> 16)));
        return $"returned {recall} of {_board.Recalls.Count}";
    }

    private void Do(GicOperation operation)
    {
        _board.Begin(operation);
        Assert.True(_board.TryAdvance());
    }

    private void Put(int slot, ulong word0, ulong word1, ulong word2)
    {
        var at = 0x40000000 + ((ulong)slot * 32);
        Assert.True(_ram.TryWrite(at, 8, word0) && _ram.TryWrite(at + 8, 8, word1) && _ram.TryWrite(at + 16, 8, word2));
    }
}
