using System.Numerics;
using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Arm.Profiles;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Gic;

/// <summary>
/// The SPIs: what the distributor's registers have programmed, and who has each now, the board or a CPU interface (spec gicv3-its 1.2
/// to 1.4). Registers are words of 32 interrupts, as in the distributor; word 0 is that of the private ones and stays empty.
/// </summary>
/// <remarks>
/// While a CPU interface has an interrupt, latch and active state are there, and latch and line go there too if they may be delivered
/// there. Otherwise (it is active there, but disabled or meant for another CPU now) they stay here until it comes back.
/// Each edge, rise of a wire and set latch is reported once: by a holder that sees it, else here, as raised, as coalesced where it was
/// pending, or as masked where it has to wait. The detail is the target, all ones for none.
/// </remarks>
internal sealed partial class SpiStore
{
    public const int WordBits = 32;
    private const int Nobody = -1;

    private readonly IGicBoardHost _host;
    private readonly GicProfile _profile;
    private readonly VcpuIds _vcpus;
    private int _interrupts;

    private ulong[] _enabled = [];
    private ulong[] _group1 = [];
    private ulong[] _edge = [];
    private ulong[] _latched = [];
    private ulong[] _line = [];
    private ulong[] _active = [];
    private byte[] _priority = [];
    private ulong[] _router = [];

    // Index of the vCPU, or Nobody: IROUTER's value at reset goes to the first vCPU, whatever its affinity.
    private long[] _target = [];

    // Where an active one was acknowledged: it goes back there, wherever its target is by now.
    private long[] _activeOn = [];

    // Sequence of the last hand-over before the board ended one that was active: what a CPU acknowledged of it, or of those before, is over.
    private ulong[] _over = [];
    private uint _enabledGroups;

    public SpiStore(IGicBoardHost host, GicProfile profile, VcpuIds vcpus, int interrupts)
    {
        (_host, _profile, _vcpus) = (host, profile, vcpus);
        Reset(interrupts);
    }

    /// <summary>INTIDs of the distributor, with the private ones.</summary>
    public int Interrupts => _interrupts;

    /// <summary>SPIs as at first.</summary>
    /// <param name="interrupts">INTIDs, of which there are so many from now on.</param>
    public void Reset(int interrupts)
    {
        _interrupts = interrupts;
        var words = interrupts / WordBits;
        (_enabled, _group1, _edge, _latched) = (new ulong[words], new ulong[words], new ulong[words], new ulong[words]);
        (_line, _active, _held, _touched) = (new ulong[words], new ulong[words], new ulong[words], new ulong[words]);
        _group1.AsSpan(1).Fill(_profile.ResetsToGroup1 ? uint.MaxValue : 0);
        (_priority, _router, _target) = (new byte[interrupts], new ulong[interrupts], new long[interrupts]);
        (_activeOn, _holder, _sequence, _over) = (new long[interrupts], new long[interrupts], new ulong[interrupts], new ulong[interrupts]);
        _activeOn.AsSpan().Fill(Nobody);
        _holder.AsSpan().Fill(Nobody);
    }

    /// <summary>Bit 0 for group 0, bit 1 for group 1: what GICD_CTLR lets pass.</summary>
    public uint EnabledGroups => _enabledGroups;

    public int Words => _enabled.Length;

    /// <summary>Whether the distributor has the SPI.</summary>
    public bool Exists(long interruptId) => interruptId >= InterruptIds.FirstSpi && interruptId < _interrupts;

    /// <summary>Which bits of a word are SPIs.</summary>
    public uint Implemented(int word) => word > 0 && word < Words ? uint.MaxValue : 0;

    public uint Enabled(int word) => (uint)_enabled[word];

    public uint Group1(int word) => (uint)_group1[word];

    public uint Edge(int word) => (uint)_edge[word];

    public uint Line(int word) => (uint)_line[word];

    /// <summary>Right for those that no CPU interface has.</summary>
    public uint Latched(int word) => (uint)_latched[word];

    /// <inheritdoc cref="Latched"/>
    public uint Pending(int word) => (uint)(_latched[word] | (_line[word] & ~_edge[word]));

    /// <inheritdoc cref="Latched"/>
    public uint Active(int word) => (uint)_active[word];

    public byte Priority(int interruptId) => _priority[interruptId];

    public ulong Router(int interruptId) => _router[interruptId];

    /// <summary>Those that are held see it with the next hand-over: none can go back from enabled to disabled without a recall.</summary>
    public void SetEnabled(int word, uint mask, bool value) => Change(_enabled, word, mask, value ? uint.MaxValue : 0);

    public void SetGroup1(int word, uint value) => Change(_group1, word, uint.MaxValue, value);

    public void SetEdge(int word, uint value) => Change(_edge, word, uint.MaxValue, value);

    /// <summary>User space restores latches, which is no event, but one that has to wait is told of as one that does; of others each that is set is one.</summary>
    public void SetLatched(int word, uint mask, uint value, bool isUser)
    {
        var before = Pending(word);
        Change(_latched, word, mask, value);
        for (var rest = mask & Implemented(word); rest != 0; rest &= rest - 1)
        {
            var index = BitOperations.TrailingZeroCount(rest);
            var wasPending = (before >> index & 1) != 0;
            if (isUser)
            {
                ReportRestored((word * WordBits) + index, wasPending);
            }
            else if ((value >> index & 1) != 0)
            {
                Announce((word * WordBits) + index, wasPending);
            }
            else
            {
                ReportWithdrawn((word * WordBits) + index, wasPending);
            }
        }
    }

    public void SetActive(int word, uint mask, bool value)
    {
        var before = _active[word];
        Change(_active, word, mask, value ? uint.MaxValue : 0);
        for (var rest = value ? 0 : mask & Implemented(word); rest != 0; rest &= rest - 1)
        {
            var index = BitOperations.TrailingZeroCount(rest);
            var interruptId = (word * WordBits) + index;
            _activeOn[interruptId] = Nobody;
            _over[interruptId] = (before >> index & 1) != 0 ? _sequence[interruptId] : _over[interruptId];
        }
    }

    public void SetPriority(int interruptId, byte value)
    {
        _priority[interruptId] = (byte)(value & _profile.PriorityMask);
        Touch(interruptId);
    }

    /// <summary>IROUTER: the affinity of no vCPU holds the interrupt pending.</summary>
    public void SetRouter(int interruptId, ulong value)
    {
        _router[interruptId] = value & _profile.RouterMask;
        _target[interruptId] = TargetBy(_router[interruptId]);
        Touch(interruptId);
    }

    /// <summary>Whether a value of IROUTER takes the interrupt away from who has it.</summary>
    public bool WouldMove(int interruptId, ulong router) => _holder[interruptId] != Nobody && _target[interruptId] != TargetBy(router);

    /// <summary>GICD_CTLR. What a group that was closed had given away must be back.</summary>
    public void SetEnabledGroups(uint groups)
    {
        _enabledGroups = groups;
        for (var word = 1; word < Words; word++)
        {
            _touched[word] |= Pending(word) | _active[word] | _held[word];
        }
    }

    /// <summary>
    /// A wire is driven (spec 1.3, 1.7). KVM takes each "high" of an edge-triggered one for an edge and keeps no level of it.
    /// </summary>
    public void Drive(int interruptId, bool level)
    {
        var (word, bit) = Place(interruptId);
        var isEdge = (_edge[word] & bit) != 0;
        var wasPending = (Pending(word) & bit) != 0;
        var changes = (_line[word] & bit) != 0 != level;
        var isEvent = level && (changes || (isEdge && !_profile.EdgeWireHasLevel));
        if (!isEdge || _profile.EdgeWireHasLevel)
        {
            _line[word] = level ? _line[word] | bit : _line[word] & ~bit;
        }

        if (isEvent)
        {
            _latched[word] |= isEdge ? bit : 0;
            Announce(interruptId, wasPending);
        }
        else if (changes && !isEdge)
        {
            ReportWithdrawn(interruptId, wasPending);
            TouchIfSeen(interruptId);
        }
    }

    /// <summary>User space sets the level of a wire, whatever the trigger mode.</summary>
    public void SetLine(int interruptId, bool level)
    {
        var (word, bit) = Place(interruptId);
        _line[word] = level ? _line[word] | bit : _line[word] & ~bit;
        TouchIfSeen(interruptId);
    }

    /// <summary>Ends an SPI that is here.</summary>
    /// <returns>Whether it was active.</returns>
    public bool Deactivate(int interruptId)
    {
        var (word, bit) = Place(interruptId);
        if ((_active[word] & bit) == 0)
        {
            return false;
        }

        SetActive(word, (uint)bit, false);
        if ((_edge[word] & bit) == 0)
        {
            _host.Ended(interruptId);
        }

        return true;
    }

    /// <summary>Whether an activation that a CPU had at a hand-over, 0 for any, was ended here since. Sequences wrap.</summary>
    public bool IsOver(int interruptId, uint sequence) => sequence != 0 && unchecked((int)((uint)_over[interruptId] - sequence)) >= 0;

    /// <summary>Where it was acknowledged, or -1.</summary>
    public int ActiveOn(int interruptId) => (int)_activeOn[interruptId];

    public int GroupOf(int interruptId)
    {
        var (word, bit) = Place(interruptId);
        return (_group1[word] & bit) != 0 ? 1 : 0;
    }

    public void SyncState(StateSync sync)
    {
        var interrupts = _interrupts;
        sync.Row("interrupts", ref interrupts);
        if (interrupts != _interrupts)
        {
            Reset(GicTopology.IsInterruptCount(interrupts) ? interrupts : throw new StateFormatException($"row 'interrupts': no distributor has {interrupts} INTIDs"));
        }

        sync.Row("enabled groups", ref _enabledGroups);
        sync.Row("ISENABLER", _enabled);
        sync.Row("IGROUPR", _group1);
        sync.Row("edge", _edge);
        sync.Row("latched", _latched);
        sync.Row("line", _line);
        sync.Row("active", _active);
        sync.Row("IPRIORITYR", _priority);
        sync.Row("IROUTER", _router);
        sync.Row("target", _target);
        sync.Row("active on", _activeOn);
        sync.Row("over", _over);
        sync.Row("holder", _holder);
        sync.Row("sequence", _sequence);
        sync.Row("touched", _touched);
        if (sync.Loading)
        {
            CheckLoaded();
        }
    }

    private static (int Word, ulong Bit) Place(int interruptId) => (interruptId / WordBits, 1UL << (interruptId % WordBits));

    /// <summary>QEMU 11 sends an interrupt that any CPU may take to the first. No vCPU has an Aff3, bits 39:32.</summary>
    private int TargetBy(ulong router)
    {
        const ulong OneOfMany = 1UL << 31;
        const ulong Affinity3 = 0xFFUL << 32;
        if (_profile.OneOfManyGoesToCpu0 && (router & OneOfMany) != 0)
        {
            return 0;
        }

        return (router & Affinity3) != 0 ? Nobody : _vcpus.IndexOfAffinity((uint)router & 0xFF_FFFF);
    }

    private void Change(ulong[] register, int word, uint mask, uint value)
    {
        mask &= Implemented(word);
        var old = register[word];
        register[word] = (old & ~(ulong)mask) | (value & mask);
        _touched[word] |= old ^ register[word];
    }

    private void CheckLoaded()
    {
        StateCheck.Bits("enabled groups", _enabledGroups, 3);
        foreach (var register in (ReadOnlySpan<ulong[]>)[_enabled, _group1, _edge, _latched, _line, _active, _touched])
        {
            for (var word = 0; word < Words; word++)
            {
                StateCheck.Bits("a register of SPIs", register[word], Implemented(word));
            }
        }

        _held.AsSpan().Clear();
        for (var i = 0; i < _interrupts; i++)
        {
            var last = Exists(i) ? _vcpus.Count - 1 : Nobody;
            StateCheck.SignedRange("active on", _activeOn[i], Nobody, last);
            StateCheck.SignedRange("holder", _holder[i], Nobody, last);
            StateCheck.SignedRange("target", _target[i], Nobody, _vcpus.Count - 1);
            StateCheck.Bits("sequence", _sequence[i], uint.MaxValue);
            StateCheck.Bits("over", _over[i], uint.MaxValue);
            StateCheck.Bits("IPRIORITYR", _priority[i], _profile.PriorityMask);
            StateCheck.Bits("IROUTER", _router[i], _profile.RouterMask);
            var (word, bit) = Place(i);
            _held[word] |= _holder[i] == Nobody ? 0 : bit;
        }
    }
}
