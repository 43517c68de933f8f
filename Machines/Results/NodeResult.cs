using System.Numerics;
using Trapline.Actors.Arm;
using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Actors.LoongArch;
using Trapline.Actors.Migration;
using Trapline.Actors.Vcpus;
using Trapline.Actors.Vmm;
using Trapline.Devices.Arm;
using Trapline.Devices.LoongArch;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Machines.Results;

/// <summary>
/// What one node found in one variant. Nodes send theirs to one another at the end; the report is made from all of them
/// and is the same everywhere.
/// </summary>
public sealed class NodeResult(GuestProgram program)
{
    private const int ActorLimit = 1 << 24;

    /// <summary>More than a scenario can plan, and a person ask for besides.</summary>
    private const int MigrationLimit = 1 << 16;

    /// <summary>INTIDs 15:0.</summary>
    private const uint Sgis = (1u << InterruptIds.SgiCount) - 1;

    private long _messages;
    private long _windows;
    private bool _seedDecided;
    private VirtualTime _lastHandled;
    private VirtualTime _stopAt;
    private VirtualTime _nextDue;

    public List<ActorDigest> Actors { get; } = [];

    public List<VcpuResult> Vcpus { get; } = [];

    public List<IpiResult> Ipis { get; } = [];

    /// <summary>Of the boards that this node holds: a VM with two hosts has one on each, and so has each of several machines.</summary>
    public List<BoardResult> Boards { get; } = [];

    /// <summary>Of the migrations whose source is on this node.</summary>
    public List<MigrationResult> Migrations { get; } = [];


    public long Messages => _messages;

    public long Windows => _windows;

    public bool SeedDecided => _seedDecided;

    /// <summary>When the last thing happened here.</summary>
    public VirtualTime LastHandled => _lastHandled;

    public VirtualTime StopAt => _stopAt;

    /// <summary>When the next thing would have happened here; never, if nothing is due any more.</summary>
    public VirtualTime NextDue => _nextDue;

    /// <summary>The first end that an actor of this node asked for.</summary>
    public EndRequest? End { get; private set; }

    /// <summary>What is known of the invariants here, and which planned faults have hit.</summary>
    public ObservedResult Observed { get; private init; } = new();

    /// <summary>Reads out an engine that has stopped; changes nothing in it.</summary>
    public static NodeResult Of(Engine engine, GuestProgram program)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var result = new NodeResult(program) { _windows = engine.Windows, _stopAt = engine.StopAt, _nextDue = engine.NextDue, End = engine.End, Observed = ObservedResult.Of(engine) };
        var hasher = new StateHasher();
        foreach (var group in engine.Groups)
        {
            result._messages += group.Handled;
            result._seedDecided |= group.SeedDecided;
            result._lastHandled = VirtualTime.Max(result._lastHandled, group.Now);
            foreach (var actor in group.Actors)
            {
                hasher.Clear();
                actor.SyncState(hasher);
                result.Actors.Add(new ActorDigest(actor.Address, hasher.Digest));
            }

            if (group.Actors.OfType<VcpuActor>().SingleOrDefault() is { } vcpu)
            {
                result.Vcpus.Add(Of(vcpu, program));
            }
            else if (group.Actors.OfType<VmmActor>().Any())
            {
                result.Boards.Add(BoardResult.Of(group));
            }

            foreach (var history in group.Actors.OfType<IMigrationHistory>())
            {
                result.Migrations.AddRange(history.Migrations);
            }

            result.Ipis.AddRange(group.Actors.Where(actor => actor is IIpiActor).Select(actor => IpiResult.Of(actor.Address, (IIpiActor)actor)));
        }

        return result;
    }

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Row("messages", ref _messages);
        sync.Row("windows", ref _windows);
        sync.Row("seedDecided", ref _seedDecided);
        sync.Row("lastHandled", ref _lastHandled);
        sync.Row("stopAt", ref _stopAt);
        sync.Row("nextDue", ref _nextDue);
        SyncEnd(sync);
        Observed.SyncState(sync);
        SyncActors(sync);
        sync.Parts("vcpus", Vcpus, ActorAddress.IndexLimit, () => new VcpuResult(program), static (vcpu, rows) => vcpu.SyncState(rows));
        sync.Parts("ipis", Ipis, ActorAddress.IndexLimit, static () => new IpiResult(), static (ipi, rows) => ipi.SyncState(rows));
        sync.Parts("boards", Boards, ActorAddress.MachineLimit, static () => new BoardResult(), static (board, rows) => board.SyncState(rows));
        sync.Parts("migrations", Migrations, MigrationLimit, static () => new MigrationResult(), static (migration, rows) => migration.SyncState(rows));
    }

    private static VcpuResult Of(VcpuActor vcpu, GuestProgram program) => vcpu is ArmVcpu arm ? Of(arm, program) : Of((LoongArchVcpu)vcpu, program);

    private static VcpuResult Of(ArmVcpu vcpu, GuestProgram program) => new(program)
    {
        Index = vcpu.Address.Index,
        Machine = vcpu.Address.Machine,
        Statistics = vcpu.Statistics,
        MaskedSgis = BitOperations.PopCount(vcpu.MaskedPrivate & Sgis),
        MaskedPpis = BitOperations.PopCount(vcpu.MaskedPrivate & ~Sgis),
        HeldFates = vcpu.HeldFates,
    };

    private static VcpuResult Of(LoongArchVcpu vcpu, GuestProgram program) => new(program)
    {
        Index = vcpu.Address.Index,
        Machine = vcpu.Address.Machine,
        Statistics = vcpu.Statistics,
        IpiMasked = vcpu.Masks(CpuLines.Ipi),
        TimerMasked = vcpu.Masks(CpuLines.Timer),
        SoftwareMasked = vcpu.Masks(CpuLines.Swi0),
        ConfigurationExits = vcpu.ConfigurationExits,
        HypercallExits = vcpu.HypercallExits,
    };

    private void SyncActors(StateSync sync)
    {
        var count = Actors.Count;
        sync.Count("actors", ref count, ActorLimit);
        for (var i = 0; i < count; i++)
        {
            var (address, digest) = sync.Loading ? default : Actors[i];
            sync.Row("address", ref address);
            sync.Row("digest", ref digest);
            if (sync.Loading)
            {
                Actors.Add(new ActorDigest(address, digest));
            }
        }
    }

    private void SyncEnd(StateSync sync)
    {
        var has = End is not null;
        sync.Row("hasEnd", ref has);
        if (!has)
        {
            return;
        }

        var (at, by, reason, code, detail) = End ?? new EndRequest(default, default, default, 0, "");
        sync.Row("endAt", ref at);
        sync.Row("endBy", ref by);
        var number = (byte)reason;
        sync.RowBelow("endReason", ref number, (int)EndReason.Violation + 1);
        sync.Row("endCode", ref code);
        sync.Text("endDetail", ref detail, 4096);
        End = new EndRequest(at, by, (EndReason)number, code, detail);
    }
}
