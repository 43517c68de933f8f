using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;
using Trapline.Messages;

namespace Trapline.Devices.Tests.Arm;

/// <summary>
/// The halves of a GIC with channels between them in which messages take their time: each keeps its order, what is taken from which next is
/// the test's choice. The board serves one request after another; releases wait for their turn, as in its actor.
/// </summary>
internal sealed class DelayedGic
{
    private readonly Queue<Action>[] _toCpu;
    private readonly Queue<Action>[] _toBoard;
    private readonly Queue<(GicOperation Operation, Action<GicBoard> Done)> _requests = [];
    private Action<GicBoard>? _serving;
    private int _missing;

    /// <param name="profile">The implementation.</param>
    /// <param name="vcpus">How many.</param>
    /// <param name="waitsForEnds">A vCPU goes on only when the board has done what it deactivates elsewhere; otherwise it posts that.</param>
    public DelayedGic(GicProfile profile, int vcpus, bool waitsForEnds = true)
    {
        WaitsForEnds = waitsForEnds;
        _toCpu = [.. Enumerable.Range(0, vcpus).Select(_ => new Queue<Action>())];
        _toBoard = [.. Enumerable.Range(0, vcpus).Select(_ => new Queue<Action>())];
        Cpus = [.. Enumerable.Range(0, vcpus).Select(index => new GicCpu(new CpuWorld(this, index), profile, index))];
        Board = new GicBoard(new BoardWorld(this), profile, GicTopology.Standard(vcpus), Memory);
        IsStalled = new bool[vcpus];
    }

    public GuestRam Memory { get; } = new();

    public bool WaitsForEnds { get; }

    public GicBoard Board { get; }

    public IReadOnlyList<GicCpu> Cpus { get; }

    /// <summary>A vCPU whose deactivation of an SPI elsewhere is not done yet goes no further.</summary>
    public bool[] IsStalled { get; }

    public int Channels => _toCpu.Length + _toBoard.Length + 1;

    /// <summary>Messages so far, that a test can see there were some.</summary>
    public int Recalls { get; private set; }

    public int LateReleases { get; private set; }

    public void Request(GicOperation operation, Action<GicBoard>? done = null) => _requests.Enqueue((operation, done ?? (_ => { })));

    /// <summary>Takes the next of one channel; the last is the board's work itself.</summary>
    /// <returns>Whether there was something.</returns>
    public bool Step(int channel)
    {
        if (channel == Channels - 1)
        {
            return Serve();
        }

        var queue = channel < _toCpu.Length ? _toCpu[channel] : _toBoard[channel - _toCpu.Length];
        if (!queue.TryDequeue(out var message))
        {
            return false;
        }

        message();
        return true;
    }

    /// <summary>Until nothing is under way.</summary>
    public void Drain()
    {
        for (var (idle, channel) = (0, 0); idle < Channels; channel = (channel + 1) % Channels)
        {
            idle = Step(channel) ? 0 : idle + 1;
        }
    }

    /// <summary>One operation, and all that it causes.</summary>
    public (ulong Value, int Result) Do(GicOperation operation)
    {
        (ulong, int)? answer = null;
        Request(operation, board => answer = (board.Value, board.Result));
        Drain();
        return answer!.Value;
    }

    private bool Serve()
    {
        if (_serving is null && _requests.TryDequeue(out var request))
        {
            Board.Begin(request.Operation);
            _serving = request.Done;
        }
        else if (_serving is null || _missing > 0)
        {
            return false;
        }

        if (Board.TryAdvance())
        {
            var done = _serving;
            _serving = null;
            done(Board);
            return true;
        }

        foreach (var recall in Board.Recalls)
        {
            _missing++;
            Recalls++;
            _toCpu[recall.Vcpu].Enqueue(() => Fetch(recall));
        }

        return true;
    }

    private void Fetch(Recall recall)
    {
        var answer = Cpus[recall.Vcpu].Recall(recall.FirstInterrupt, recall.Mask);
        LateReleases += answer.Held == recall.Mask ? 0 : 1;
        _toBoard[recall.Vcpu].Enqueue(() =>
        {
            Board.Returned(recall, answer);
            _missing--;
        });
    }

    private abstract class World : IDeviceHost
    {
        public bool Listening => false;

        public void DrivePin(int pin, bool level)
        {
        }

        public void ArmTimer(int timer, VirtualTime due) => throw new InvalidOperationException();

        public void CancelTimer(int timer) => throw new InvalidOperationException();

        public void Report(in DeviceReport report) => throw new InvalidOperationException();

        public virtual void Ended(int interruptId)
        {
        }
    }

    private sealed class BoardWorld(DelayedGic gic) : World, IGicBoardHost
    {
        public void Hand(int vcpu, in Handover handover)
        {
            var copy = Handover.Unpack(handover.Packed);
            gic._toCpu[vcpu].Enqueue(() => gic.Cpus[vcpu].Take(copy));
        }

        public void PublishEnable(uint enabledGroups)
        {
            for (var vcpu = 0; vcpu < gic.Cpus.Count; vcpu++)
            {
                var cpu = gic.Cpus[vcpu];
                gic._toCpu[vcpu].Enqueue(() => cpu.SetDistributorEnable(enabledGroups));
            }
        }

        public void CommandDone(int its, uint offset, byte opcode, int result) => Assert.Equal(0, result);
    }

    private sealed class CpuWorld(DelayedGic gic, int vcpu) : World, IGicCpuHost
    {
        public void Release(int interruptId, uint sequence) =>
            gic._toBoard[vcpu].Enqueue(() => gic.Request(GicOperation.Release(vcpu, interruptId, sequence)));

        public void Deactivate(in Deactivation deactivation)
        {
            var operation = GicOperation.Deactivate(vcpu, in deactivation);
            gic.IsStalled[vcpu] = gic.WaitsForEnds;
            gic._toBoard[vcpu].Enqueue(() => gic.Request(operation, _ => gic.IsStalled[vcpu] = false));
        }
    }
}
