using Trapline.Devices.Arm.Lpi;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Common;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Laws;

/// <summary>
/// Redistributors and CPU interfaces, as far as LPIs see them: what each has, and releases that are on their way, so that they can come
/// late. A wrong hand-over is an error at once.
/// </summary>
internal sealed class ItsCpus(IDeviceHost world, int vcpus) : IGicBoardHost, ILpiTargets
{
    private readonly SortedDictionary<int, uint>[] _held = [.. Enumerable.Range(0, vcpus).Select(_ => new SortedDictionary<int, uint>())];
    private readonly List<(int Vcpu, int Interrupt, uint Sequence)> _releases = [];
    private readonly byte[] _enabled = new byte[vcpus];
    private bool _delivers = true;

    public int Vcpus => vcpus;

    public bool DeliversGroup1
    {
        get => _delivers;
        set => _delivers = value;
    }

    /// <summary>Whether a wrong hand-over is an error.</summary>
    public bool IsTrusted { get; set; } = true;

    public ulong PropertyTable { get; init; }

    public ulong PendingTables { get; init; }

    public bool Listening => true;

    public int Releases => _releases.Count;

    public int HeldBy(int vcpu) => _held[vcpu].Count;

    public int IndexOf(uint vcpuId) => vcpuId < (uint)vcpus ? (int)vcpuId : -1;

    public bool LpisEnabled(int vcpu) => _enabled[vcpu] != 0;

    public void SetLpisEnabled(int vcpu, bool value) => _enabled[vcpu] = (byte)(value ? 1 : 0);

    public ulong PropertyBase(int vcpu) => PropertyTable | 0xF;

    public ulong PendingBase(int vcpu) => PendingTables + ((ulong)vcpu * 0x1_0000);

    public bool PendingTableIsZero(int vcpu) => vcpu == 1;

    public void Hand(int vcpu, in Handover handover)
    {
        Assert.True(!IsTrusted || (LpisEnabled(vcpu) && _delivers), $"LPI {handover.InterruptId} is handed to vCPU {vcpu}, which takes none");
        Assert.True((handover.Flags & (HandoverFlags.SetLatch | HandoverFlags.Group1)) == (HandoverFlags.SetLatch | HandoverFlags.Group1));
        _held[vcpu][handover.InterruptId] = handover.Sequence;
        world.Report(new DeviceReport(ReportKind.Raised, handover.InterruptId, (ulong)vcpu, handover.Packed));
    }

    /// <summary>The guest acknowledges the lowest LPI that a vCPU has; the release is on its way.</summary>
    public int Acknowledge(int vcpu)
    {
        if (_held[vcpu].Count == 0)
        {
            return 1023;
        }

        var (interrupt, sequence) = _held[vcpu].First();
        _held[vcpu].Remove(interrupt);
        _releases.Add((vcpu, interrupt, sequence));
        return interrupt;
    }

    public void DeliverRelease(LpiStore lpis)
    {
        var (vcpu, interrupt, sequence) = _releases[0];
        _releases.RemoveAt(0);
        lpis.Released(vcpu, interrupt, sequence);
    }

    public RecallAnswer Answer(in Recall recall)
    {
        uint held = 0;
        for (var i = 0; i < 32; i++)
        {
            held |= (recall.Mask & (1u << i)) != 0 && _held[recall.Vcpu].Remove(recall.FirstInterrupt + i) ? 1u << i : 0;
        }

        return new RecallAnswer(held, held, 0);
    }

    /// <summary>Fetches all that a change needs.</summary>
    public void Fetch(LpiStore lpis, Action<List<Recall>> collect)
    {
        for (var round = 0; ; round++)
        {
            var recalls = new List<Recall>();
            collect(recalls);
            if (recalls.Count == 0)
            {
                return;
            }

            Assert.True(round < 100, "recalls without end");
            recalls.ForEach(recall => lpis.Returned(recall, Answer(recall)));
        }
    }

    public void PublishEnable(uint enabledGroups)
    {
    }

    public void Ended(int interruptId) => throw new InvalidOperationException("LPIs have no level");

    public void CommandDone(int its, uint offset, byte opcode, int result) =>
        world.Report(new DeviceReport(ReportKind.NestedAccess, its, (offset << 8) | opcode, (ulong)(long)result));

    public void DrivePin(int pin, bool level) => throw new InvalidOperationException("an ITS has no pins");

    public void ArmTimer(int timer, VirtualTime due) => throw new InvalidOperationException("an ITS has no timers");

    public void CancelTimer(int timer) => throw new InvalidOperationException("an ITS has no timers");

    public void Report(in DeviceReport report) => world.Report(report);

    public void SyncState(StateSync sync)
    {
        sync.Row("enabled", _enabled);
        sync.Row("delivers", ref _delivers);
        sync.List("release_count", "release", _releases, 1 << 16, (StateSync rows, ref (int Vcpu, int Interrupt, uint Sequence) row) =>
        {
            rows.Row("vcpu", ref row.Vcpu);
            rows.Row("intid", ref row.Interrupt);
            rows.Row("sequence", ref row.Sequence);
        });
        for (var vcpu = 0; vcpu < vcpus; vcpu++)
        {
            sync.Begin("cpu", vcpu);
            var held = _held[vcpu].Select(pair => (pair.Key, pair.Value)).ToList();
            sync.List("held_count", "held", held, 1 << 16, (StateSync rows, ref (int Interrupt, uint Sequence) row) =>
            {
                rows.Row("intid", ref row.Interrupt);
                rows.Row("sequence", ref row.Sequence);
            });
            _held[vcpu].Clear();
            held.ForEach(row => _held[vcpu].Add(row.Item1, row.Item2));
            sync.End();
        }
    }
}
