using System.Numerics;
using Trapline.Devices.Arm.Profiles;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Cpu;

/// <summary>
/// The SGIs and PPIs of a vCPU: bit and index are the INTID. What the redistributor's SGI frame shows is this (spec gicv3-its 1.2, 4.7).
/// </summary>
internal sealed class PrivateInterrupts(GicProfile profile)
{
    public const uint Sgis = (1u << InterruptIds.SgiCount) - 1;
    public const uint Ppis = ~Sgis;

    private readonly byte[] _priorities = new byte[InterruptIds.PrivateCount];
    private uint _group1 = profile.ResetsToGroup1 ? uint.MaxValue : 0;
    private uint _enabled = profile.SgisEnabledAtReset ? Sgis : 0;
    private uint _latched;
    private uint _levels;
    private uint _active;

    // SGIs are edge-triggered for good; PPIs level-triggered, unless the profile lets the guest change them.
    private uint _edge = Sgis;

    public uint Group1
    {
        get => _group1;
        set => _group1 = value;
    }

    public uint Enabled
    {
        get => _enabled;
        set => _enabled = value;
    }

    /// <summary>Set by an edge, an SGI, ISPENDR.</summary>
    public uint Latched
    {
        get => _latched;
        set => _latched = value;
    }

    /// <summary>Of the wires; SGIs have none.</summary>
    public uint Levels
    {
        get => _levels;
        set => _levels = value & Ppis;
    }

    public uint Active
    {
        get => _active;
        set => _active = value;
    }

    /// <summary>Which are edge-triggered.</summary>
    public uint Edge
    {
        get => _edge;
        set => _edge = (value & Ppis) | Sgis;
    }

    public uint Pending => _latched | (_levels & ~_edge);

    public Span<byte> Priorities => _priorities;

    public int GroupOf(int interruptId) => (int)(_group1 >> interruptId) & 1;

    /// <summary>Those of the given groups that are enabled: bit 0 for group 0, bit 1 for group 1.</summary>
    public uint EnabledOf(uint groups) => _enabled & (((groups & 1) != 0 ? ~_group1 : 0) | ((groups & 2) != 0 ? _group1 : 0));

    /// <summary>The most urgent of the given groups that is enabled, pending and not active.</summary>
    public PendingInterrupt Best(uint groups)
    {
        var best = PendingInterrupt.None;
        for (var rest = Pending & ~_active & EnabledOf(groups); rest != 0; rest &= rest - 1)
        {
            var interruptId = BitOperations.TrailingZeroCount(rest);
            var priority = _priorities[interruptId];
            if (!best.Exists || priority < best.Priority)
            {
                best = new PendingInterrupt(interruptId, priority, GroupOf(interruptId));
            }
        }

        return best;
    }

    /// <summary>
    /// The level of a wire. An edge-triggered one is latched when it rises; one that stays where it was says nothing new.
    /// </summary>
    /// <returns>False where nothing changed.</returns>
    public bool Drive(uint bit, bool level)
    {
        if (((_levels & bit) != 0) == level)
        {
            return false;
        }

        _levels ^= bit;
        _latched |= _levels & bit & _edge;
        return true;
    }

    public void SyncState(StateSync sync)
    {
        sync.Row("group 1", ref _group1);
        sync.Row("enabled", ref _enabled);
        sync.Row("latched", ref _latched);
        sync.Row("level", ref _levels);
        sync.Row("active", ref _active);
        sync.Row("edge", ref _edge);
        sync.Row("priority", _priorities);
        if (sync.Loading)
        {
            StateCheck.Bits("level", _levels, Ppis);
            StateCheck.Bits("edge", ~_edge, Ppis);
            StateCheck.Bits("edge", _edge, profile.PpiConfigWritable ? uint.MaxValue : Sgis);
            foreach (var priority in _priorities)
            {
                StateCheck.Bits("priority", priority, profile.PriorityMask);
            }
        }
    }
}
