using System.Runtime.CompilerServices;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Cpu;

/// <summary>
/// The half of a GICv3 that belongs to one vCPU: its SGIs and PPIs, the SPIs and LPIs that the board has given it, and the CPU interface
/// that arbitrates among them. Under KVM it is hardware and list registers: the guest's accesses to the CPU interface do not trap.
/// </summary>
/// <remarks>
/// An interrupt has one owner. The board gives one that is to be delivered (<see cref="Take"/>); this keeps it while it is pending or
/// active, then lets go of it (<see cref="IGicCpuHost.Release"/>), or gives it back when asked (<see cref="Recall"/>). A write of
/// SGI1R, ASGI1R or SGI0R is the caller's to carry out, by <see cref="SgiRequest"/> and <see cref="TrySetSgi"/>.
/// </remarks>
public sealed partial class GicCpu
{
    /// <summary>Output to the CPU: group 1.</summary>
    public const int IrqPin = 0;

    /// <summary>Output to the CPU: group 0.</summary>
    public const int FiqPin = 1;

    /// <summary>SPIs and LPIs that can be held: every one that exists.</summary>
    public const int MaximumHeld = HeldInterrupts.Limit;

    /// <summary>
    /// Of <see cref="SetDistributorEnable"/>: all interrupts are of group 1, as user space can choose by revision 1 of GICD_IIDR.
    /// </summary>
    public const uint GroupsFixed = 4;

    private const int BlockLength = 32;
    private const uint BothGroups = 3;

    private readonly IGicCpuHost _host;
    private readonly GicProfile _profile;
    private readonly PrivateInterrupts _private;
    private readonly HeldInterrupts _held = new();
    private readonly FetchedActive _fetched = new();
    private readonly CpuInterface _interface;
    private readonly int _interrupts;
    private readonly bool _hasLpis;

    // What GICD_CTLR enables; for SPIs and LPIs the board sees to it.
    private uint _distributorGroups;

    private PendingInterrupt _best = PendingInterrupt.None;
    private bool _irq;
    private bool _fiq;

    /// <param name="host">Its world.</param>
    /// <param name="profile">Whose behaviour.</param>
    /// <param name="id">The vCPU's id, which gives its affinity.</param>
    /// <param name="interrupts">INTIDs of the distributor with the private ones.</param>
    /// <param name="hasLpis">Whether there is an ITS.</param>
    public GicCpu(IGicCpuHost host, GicProfile profile, int id, int interrupts = InterruptIds.FirstSpecial, bool hasLpis = true)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)id, (uint)VcpuIds.MaximumId, nameof(id));
        _host = host;
        _profile = profile;
        (_interrupts, _hasLpis) = (interrupts, hasLpis);
        Id = id;
        _private = new PrivateInterrupts(profile);
        _interface = new CpuInterface(profile);
    }

    /// <summary>Of the vCPU: what its affinity is made of.</summary>
    public int Id { get; }

    public GicProfile Profile => _profile;

    /// <summary>Level of <see cref="IrqPin"/>.</summary>
    public bool IrqLine => _irq;

    /// <summary>Level of <see cref="FiqPin"/>.</summary>
    public bool FiqLine => _fiq;

    /// <summary>Whether a vCPU that waits for an interrupt has one: a line is high, whatever PSTATE masks.</summary>
    public bool MightWake => _irq || _fiq;

    /// <summary>The interrupt that would be acknowledged first if neither priority mask nor running priority were in its way.</summary>
    public PendingInterrupt HighestPending => _best;

    /// <summary>SPIs and LPIs that it holds.</summary>
    public int HeldCount => _held.Count;

    internal PrivateInterrupts Private => _private;

    internal CpuInterface Interface => _interface;

    /// <summary>
    /// The board gives an SPI or LPI, or says what is new of one that it gave before.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The INTID is no SPI and no LPI.</exception>
    public void Take(in Handover handover)
    {
        var interruptId = handover.InterruptId;
        if (!HeldInterrupts.IsHoldable(interruptId))
        {
            throw new ArgumentOutOfRangeException(nameof(handover), $"only SPIs and LPIs are handed over; {interruptId} is neither");
        }

        ref var entry = ref _held.Find(interruptId);
        if (Unsafe.IsNullRef(ref entry))
        {
            entry = ref _held.Add(interruptId);
        }

        _fetched.Forget(interruptId);
        var wasPending = entry.IsPending;
        Update(ref entry, in handover);
        if ((handover.Flags & HandoverFlags.Event) != 0)
        {
            Report(wasPending ? ReportKind.Coalesced : ReportKind.Raised, interruptId);
        }
        else if (wasPending && !entry.IsPending)
        {
            Report(ReportKind.Withdrawn, interruptId);
        }

        _held.Changed(ref entry);
        ReleaseIfIdle(ref entry);
        Refresh();
    }

    /// <summary>Gives interrupts back to the board: of a block those that are held.</summary>
    /// <param name="first">INTID of bit 0, a multiple of 32.</param>
    /// <param name="mask">Which.</param>
    public RecallAnswer Recall(int first, uint mask)
    {
        uint held = 0;
        uint latched = 0;
        uint active = 0;
        for (var i = 0; i < BlockLength; i++)
        {
            ref var entry = ref _held.Find(first + i);
            var bit = 1u << i;
            if ((mask & bit) == 0 || Unsafe.IsNullRef(ref entry))
            {
                continue;
            }

            held |= bit;
            latched |= entry.Latched ? bit : 0;
            active |= entry.Active ? bit : 0;
            if (entry.Active)
            {
                _fetched.Note(first + i, entry.Sequence);
            }

            _held.Remove(first + i);
        }

        Refresh();
        return new RecallAnswer(held, latched, active);
    }

    /// <summary>What GICD_CTLR enables.</summary>
    /// <param name="groups">Bit 0: group 0, bit 1: group 1; <see cref="GroupsFixed"/>.</param>
    public void SetDistributorEnable(uint groups)
    {
        _distributorGroups = groups & (BothGroups | GroupsFixed);
        if ((groups & GroupsFixed) != 0)
        {
            _private.Group1 = uint.MaxValue;
        }

        Refresh();
    }

    /// <summary>The wire of a PPI has a level.</summary>
    /// <param name="interruptId">16 to 31.</param>
    /// <param name="level">The level.</param>
    public void DrivePpi(int interruptId, bool level)
    {
        if (!InterruptIds.IsPrivate(interruptId) || InterruptIds.IsSgi(interruptId))
        {
            throw new ArgumentOutOfRangeException(nameof(interruptId), $"PPIs are {InterruptIds.FirstPpi} to {InterruptIds.PrivateCount - 1}; {interruptId} is none");
        }

        var bit = 1u << interruptId;
        var before = _private.Pending;
        if (_private.Drive(bit, level))
        {
            ReportPrivate(before, level ? _private.Pending & bit : 0);
            Refresh();
        }
    }

    /// <summary>An SGI comes. It sets one latch, whoever sends it and however often; a disabled one waits.</summary>
    /// <param name="interruptId">0 to 15.</param>
    /// <param name="kind">What the sender wrote to.</param>
    /// <returns>False where its group is not one that the register reaches: nothing changed.</returns>
    public bool TrySetSgi(int interruptId, SgiKind kind)
    {
        if (!InterruptIds.IsSgi(interruptId))
        {
            throw new ArgumentOutOfRangeException(nameof(interruptId), $"SGIs are 0 to {InterruptIds.SgiCount - 1}; {interruptId} is none");
        }

        var isReached = _private.GroupOf(interruptId) == 1 ? kind == SgiKind.Sgi1 : kind != SgiKind.Sgi1 || !_profile.Sgi1RefusesGroup0;
        if (isReached)
        {
            SetPrivatePending(1u << interruptId);
        }

        return isReached;
    }

    /// <summary>Whether it has an SPI or LPI.</summary>
    public bool Holds(int interruptId) => !Unsafe.IsNullRef(ref _held.Find(interruptId));

    /// <summary>
    /// Whether an SGI or PPI is enabled here and in the distributor: whoever sets it pending has then to tell a CPU that runs (KVM's
    /// <c>vgic_target_oracle</c>).
    /// </summary>
    public bool IsForwarded(int interruptId) => (_private.EnabledOf(_distributorGroups & BothGroups) >> interruptId & 1) != 0;

    /// <summary>
    /// The CPU takes the exception of a line: reports which interrupt it is for.
    /// </summary>
    /// <param name="pin"><see cref="IrqPin"/> or <see cref="FiqPin"/>.</param>
    public void NoteTaken(int pin)
    {
        if (pin == IrqPin ? _irq : _fiq)
        {
            Report(ReportKind.Delivered, _best.InterruptId);
        }
    }

    /// <summary>The CPU is reset, as by CPU_ON: the CPU interface starts anew, the redistributor and what is active or pending stay.</summary>
    public void ResetInterface()
    {
        _interface.Reset();
        Refresh();
    }

    /// <summary>All state, as rows without side effects. The lines follow from it and are not driven.</summary>
    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Begin("private");
        _private.SyncState(sync);
        sync.End();
        sync.Begin("interface");
        _interface.SyncState(sync);
        sync.End();
        _held.SyncState(sync);
        _fetched.SyncState(sync);
        sync.Row("distributor enables", ref _distributorGroups);
        if (sync.Loading)
        {
            StateCheck.Bits("distributor enables", _distributorGroups, BothGroups | GroupsFixed);
            _best = FindBest();
            (_irq, _fiq) = Lines();
        }
    }

    /// <summary>What it holds, each by its INTID, for a listing: 1 for the latch, 2 for the wire, 4 where it is active. Nothing that the number of hand-overs decides.</summary>
    public void ListHeld(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        foreach (var entry in _held.Sorted())
        {
            var state = (entry.Latched ? 1u : 0) | (entry.Line ? 2u : 0) | (entry.Active ? 4u : 0);
            sync.Begin("held", entry.InterruptId);
            sync.Row("state", ref state);
            sync.End();
        }
    }

    /// <summary>User space has changed something: who is first, and the lines.</summary>
    internal void Changed() => Refresh();

    private static void Update(ref HeldInterrupt entry, in Handover handover)
    {
        var flags = handover.Flags;
        var isLpi = entry.IsLpi;
        var line = !isLpi && (flags & HandoverFlags.Line) != 0;
        entry.Priority = handover.Priority;
        entry.Sequence = handover.Sequence;
        entry.IsGroup1 = isLpi || (flags & HandoverFlags.Group1) != 0;
        entry.IsLevelTriggered = !isLpi && (flags & HandoverFlags.LevelTriggered) != 0;

        entry.Latched |= (flags & HandoverFlags.SetLatch) != 0;
        entry.Active |= !isLpi && (flags & HandoverFlags.Active) != 0;
        entry.Line = line;
    }

    /// <summary>An interrupt that has nothing more to do here goes back. The reference is dead afterwards if it does.</summary>
    private void ReleaseIfIdle(ref HeldInterrupt entry)
    {
        if (entry.IsPending || entry.Active)
        {
            return;
        }

        var (interruptId, sequence) = (entry.InterruptId, entry.Sequence);
        _held.Remove(interruptId);
        _host.Release(interruptId, sequence);
    }

    private void SetPrivatePending(uint bits)
    {
        var before = _private.Pending;
        _private.Latched |= bits;
        ReportPrivate(before, bits);
        Refresh();
    }

    private PendingInterrupt FindBest()
    {
        var groups = _profile.DisabledGroupHidesOthers ? BothGroups : _interface.EnabledGroups;
        var best = _private.Best(groups & _distributorGroups);
        var held = _held.Best(groups);
        best = held.IsBefore(in best) ? held : best;
        var isNone = _profile.LowestPriorityNeverPending && best.Priority == byte.MaxValue;
        return isNone || !_interface.IsEnabled(best.Group) ? PendingInterrupt.None : best;
    }

    private (bool Irq, bool Fiq) Lines()
    {
        var signals = _interface.CanPreempt(in _best);
        return (signals && _best.Group == 1, signals && _best.Group == 0);
    }

    /// <summary>Something has changed: who is first, and the lines.</summary>
    private void Refresh()
    {
        _best = FindBest();
        var (irq, fiq) = Lines();
        if (irq != _irq)
        {
            _irq = irq;
            _host.DrivePin(IrqPin, irq);
        }

        if (fiq != _fiq)
        {
            _fiq = fiq;
            _host.DrivePin(FiqPin, fiq);
        }
    }
}
