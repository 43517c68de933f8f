using System.Numerics;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Lpi;

/// <summary>
/// The LPIs of a machine. What can be delivered is with the CPU interface of its target (<see cref="IGicBoardHost.Hand"/>), together
/// with its latch; who wants to change or show it collects recalls, fetches them, says <see cref="Returned"/>, collects again until
/// nothing is left, and acts at once. Each change hands on what it made deliverable, with what had come back.
/// </summary>
/// <remarks>
/// Reports: a raise that has to wait is masked, one of an LPI that waits already is coalesced, a pending one that goes away is
/// withdrawn. What a CPU interface has is its own to report. The detail is the vCPU, all ones where there is none.
/// </remarks>
public abstract class LpiStore
{
    /// <summary>No vCPU.</summary>
    public const int Nobody = -1;

    private const int ReturnedLimit = CpuAffinity.MaximumVcpus * InterruptIds.LpiCount;

    // What came back pending within the operation under way.
    private readonly List<ReturnedLpi> _returned = [];
    private uint _sequence;

    private protected LpiStore(IGicBoardHost host, GicProfile profile, IGuestMemory memory, ILpiTargets targets, LpiHolds holds)
    {
        Host = host;
        Profile = profile;
        Memory = memory;
        Targets = targets;
        Holds = holds;
    }

    private protected IGicBoardHost Host { get; }

    private protected GicProfile Profile { get; }

    private protected IGuestMemory Memory { get; }

    private protected ILpiTargets Targets { get; }

    private protected LpiHolds Holds { get; }

    /// <summary>Where the profile keeps LPIs: in objects, or in the tables of guest memory.</summary>
    public static LpiStore Create(IGicBoardHost host, GicProfile profile, IGuestMemory memory, ILpiTargets targets)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return profile.TablesAreState ? new MemoryLpis(host, profile, memory, targets) : new KvmLpis(host, profile, memory, targets);
    }

    public bool IsHeld(int vcpu, int interruptId) => Holds.Has(vcpu, interruptId);

    /// <summary>What has to come back before an LPI is changed, whoever has it: INVLPIR.</summary>
    public void CollectRecallsOf(int interruptId, List<Recall> recalls)
    {
        if (!InterruptIds.IsLpi(interruptId))
        {
            return;
        }

        for (var vcpu = 0; vcpu < Targets.Vcpus; vcpu++)
        {
            CollectRecalls(vcpu, interruptId, recalls);
        }
    }

    /// <summary>What has to come back before an LPI of one vCPU is changed.</summary>
    public void CollectRecalls(int vcpu, int interruptId, List<Recall> recalls)
    {
        if (Holds.Has(vcpu, interruptId))
        {
            LpiHolds.Ask(vcpu, interruptId, recalls);
        }
    }

    /// <summary>What has to come back before all LPIs of a vCPU are changed: EnableLPIs 1 to 0, MOVALL.</summary>
    public void CollectRecallsOfVcpu(int vcpu, List<Recall> recalls) => Holds.AskAll(vcpu, recalls);

    /// <summary>What has to come back before the property bytes of a vCPU's LPIs are read again: INVALL, INVALLR.</summary>
    public virtual void CollectRecallsForInvalidation(int vcpu, List<Recall> recalls) => CollectRecallsOfVcpu(vcpu, recalls);

    /// <summary>What has to come back before all LPIs change or are shown: the distributor's disable, SAVE_PENDING_TABLES.</summary>
    public void CollectAllRecalls(List<Recall> recalls)
    {
        for (var vcpu = 0; vcpu < Targets.Vcpus; vcpu++)
        {
            Holds.AskAll(vcpu, recalls);
        }
    }

    /// <summary>The answer to a recall of a block of LPIs. Each is the board's again, and is handed on by the change that follows, or by <see cref="Settle"/>.</summary>
    public void Returned(in Recall recall, in RecallAnswer answer)
    {
        for (var mask = recall.Mask; mask != 0; mask &= mask - 1)
        {
            var interrupt = recall.FirstInterrupt + BitOperations.TrailingZeroCount(mask);
            if (!InterruptIds.IsLpi(interrupt) || !Holds.Remove(recall.Vcpu, interrupt))
            {
                continue;
            }

            // One that was let go before has been served: its release comes too late and is not looked at.
            if ((answer.Held & answer.Latched & mask & (0 - mask)) == 0)
            {
                Served(recall.Vcpu, interrupt);
            }
            else
            {
                _returned.Add(new ReturnedLpi(recall.Vcpu, interrupt));
                TakeBack(recall.Vcpu, interrupt);
            }
        }
    }

    /// <summary>A CPU interface has served an LPI. With an old sequence another hand-over is on its way to it, and nothing has happened.</summary>
    public void Released(int vcpu, int interruptId, uint sequence)
    {
        if ((uint)vcpu < (uint)Targets.Vcpus && InterruptIds.IsLpi(interruptId) && sequence != 0 && Holds.SequenceOf(vcpu, interruptId) == sequence)
        {
            Holds.Remove(vcpu, interruptId);
            Served(vcpu, interruptId);
        }
    }

    /// <summary>Hands on what came back and is deliverable still. To be called where recalls were fetched and none of the changes below was made.</summary>
    public void Settle()
    {
        // A read of guest memory may fail in between, but nothing comes back.
        foreach (var (vcpu, interrupt) in _returned)
        {
            Decide(vcpu, interrupt);
        }

        _returned.Clear();
    }

    /// <summary>EnableLPIs was written as 1: in KVM for a change from 0, in QEMU at each write. The register has its new value.</summary>
    public abstract void EnableLpis(int vcpu);

    /// <summary>EnableLPIs has changed to 0; what the vCPU had was fetched before, the register has its new value.</summary>
    public abstract void DisableLpis(int vcpu);

    /// <summary>INVLPIR: the property byte of an LPI is read again, wherever it goes; it was fetched before.</summary>
    public abstract void InvalidateLpi(int interruptId);

    /// <summary>INVALLR: the property bytes of a vCPU's LPIs are read again; they were fetched before.</summary>
    public abstract void InvalidateAll(int vcpu);

    /// <summary>The distributor lets group 1 through again.</summary>
    public abstract void DeliverPending();

    /// <summary>SAVE_PENDING_TABLES (spec 9.5); all LPIs were fetched before.</summary>
    /// <returns>0 or -EFAULT.</returns>
    public abstract int SavePendingTables();

    /// <summary>All state; what refers to LPIs follows.</summary>
    public virtual void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Row("sequence", ref _sequence);
        Holds.SyncState(sync);
        sync.List("returned_count", "returned", _returned, ReturnedLimit, SyncReturned);
    }

    /// <summary>All that refers to LPIs was loaded.</summary>
    internal virtual void FinishLoad()
    {
    }

    /// <summary>An LPI is no longer with a vCPU, and not pending.</summary>
    private protected abstract void Served(int vcpu, int interruptId);

    /// <summary>An LPI is no longer with a vCPU, and pending.</summary>
    private protected abstract void TakeBack(int vcpu, int interruptId);

    /// <summary>An LPI that came back pending is handed on if it can be delivered and was not handed on meanwhile.</summary>
    private protected abstract void Decide(int vcpu, int interruptId);

    private protected IReadOnlyList<ReturnedLpi> Undecided => _returned;

    /// <summary>Gives an LPI to a CPU interface, or sets the latch of one that it has.</summary>
    /// <param name="vcpu">Index.</param>
    /// <param name="interruptId">INTID.</param>
    /// <param name="property">Its property byte.</param>
    /// <param name="isEvent">It is raised this moment, and who has it is to report that.</param>
    private protected void Hand(int vcpu, int interruptId, byte property, bool isEvent = false)
    {
        // 0 is "not held".
        _sequence = _sequence == uint.MaxValue ? 1 : _sequence + 1;
        Holds.Set(vcpu, interruptId, _sequence);
        var flags = HandoverFlags.SetLatch | HandoverFlags.Group1 | (isEvent ? HandoverFlags.Event : 0);
        Host.Hand(vcpu, new Handover(interruptId, (byte)(property & Profile.LpiPriorityMask), flags, _sequence));
    }

    private protected void Report(ReportKind kind, int interruptId, int vcpu)
    {
        if (Host.Listening)
        {
            Host.Report(new DeviceReport(kind, interruptId, unchecked((ulong)(long)vcpu)));
        }
    }

    private void SyncReturned(StateSync sync, ref ReturnedLpi row)
    {
        var (vcpu, interrupt) = row;
        sync.Row("vcpu", ref vcpu);
        sync.Row("intid", ref interrupt);
        if (sync.Loading && ((uint)vcpu >= (uint)Targets.Vcpus || !InterruptIds.IsLpi(interrupt)))
        {
            throw new StateFormatException($"INTID {interrupt} is said to have come back from vCPU {vcpu}: there are {Targets.Vcpus} vCPUs, LPIs are {InterruptIds.FirstLpi} to {InterruptIds.LpiEnd - 1}");
        }

        row = new ReturnedLpi(vcpu, interrupt);
    }
}
