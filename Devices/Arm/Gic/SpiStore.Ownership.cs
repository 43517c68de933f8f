using System.Numerics;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Common;

namespace Trapline.Devices.Arm.Gic;

/// <content>Who has an SPI: the board, or the CPU interface that it was handed to.</content>
internal sealed partial class SpiStore
{
    // Index of the vCPU, or Nobody; and the same as bits, derived.
    private long[] _holder = [];
    private ulong[] _held = [];

    // Of the last hand-over.
    private ulong[] _sequence = [];

    // What Settle has to look at: changed by the operation, or come back for it.
    private ulong[] _touched = [];

    public uint Held(int word) => (uint)_held[word];

    public int HolderOf(int interruptId) => (int)_holder[interruptId];

    /// <summary>Adds what has to come back before the interrupts of a word can be changed or shown.</summary>
    public void CollectRecalls(int word, uint mask, List<Recall> recalls)
    {
        var first = word * WordBits;
        var start = recalls.Count;
        for (var rest = (uint)_held[word] & mask; rest != 0; rest &= rest - 1)
        {
            var bit = rest & (0 - rest);
            var holder = (int)_holder[first + BitOperations.TrailingZeroCount(rest)];
            var at = start;
            while (at < recalls.Count && recalls[at].Vcpu != holder)
            {
                at++;
            }

            if (at == recalls.Count)
            {
                recalls.Add(new Recall(holder, first, 0));
            }

            recalls[at] = recalls[at] with { Mask = recalls[at].Mask | bit };
        }
    }

    /// <summary>
    /// Interrupts have come back. One that the CPU did not have any more it has let go: neither latched nor active, and its
    /// release, which may come yet, is an old one.
    /// </summary>
    public void Returned(in Recall recall, in RecallAnswer answer)
    {
        var word = recall.FirstInterrupt / WordBits;
        for (var rest = (uint)_held[word] & recall.Mask; rest != 0; rest &= rest - 1)
        {
            var index = BitOperations.TrailingZeroCount(rest);
            var bit = 1u << index;
            var interruptId = recall.FirstInterrupt + index;
            if (_holder[interruptId] != recall.Vcpu)
            {
                continue;
            }

            TakeBack(interruptId);
            _latched[word] |= answer.Held & answer.Latched & bit;
            if ((answer.Held & answer.Active & bit) != 0)
            {
                _active[word] |= bit;
                _activeOn[interruptId] = recall.Vcpu;
            }
        }
    }

    /// <summary>A CPU interface has let go: neither latched nor active. Ignored if a newer hand-over is on its way.</summary>
    public void Released(int vcpu, int interruptId, uint sequence)
    {
        if (_holder[interruptId] == vcpu && _sequence[interruptId] == sequence)
        {
            TakeBack(interruptId);
        }
    }

    /// <summary>Hands over what can be delivered, and tells holders what is new; ascending.</summary>
    public void Settle()
    {
        for (var word = 1; word < Words; word++)
        {
            for (; _touched[word] != 0; _touched[word] &= _touched[word] - 1)
            {
                Settle((word * WordBits) + BitOperations.TrailingZeroCount(_touched[word]));
            }
        }
    }

    public void Touch(int interruptId)
    {
        var (word, bit) = Place(interruptId);
        _touched[word] |= bit;
    }

    /// <summary>Spec 1.4: an active one stays where it is, a pending one goes to its target if it may be delivered.</summary>
    private void Settle(int interruptId)
    {
        var (word, bit) = Place(interruptId);
        var isActive = (_active[word] & bit) != 0;
        if (_holder[interruptId] != Nobody)
        {
            Hand(interruptId, (int)_holder[interruptId], isActive: false);
        }
        else if (isActive)
        {
            Hand(interruptId, (int)(_activeOn[interruptId] != Nobody ? _activeOn[interruptId] : _target[interruptId]), isActive);
        }
        else if ((Pending(word) & bit) != 0 && IsOpen(interruptId))
        {
            Hand(interruptId, (int)_target[interruptId], isActive);
        }
    }

    /// <summary>Gives an interrupt away, or tells its holder what is new.</summary>
    private void Hand(int interruptId, int vcpu, bool isActive, HandoverFlags flags = HandoverFlags.None)
    {
        if (vcpu == Nobody)
        {
            return;
        }

        var (word, bit) = Place(interruptId);
        flags |= (isActive ? HandoverFlags.Active : 0)
            | ((_edge[word] & bit) == 0 ? HandoverFlags.LevelTriggered : 0)
            | ((_group1[word] & bit) != 0 ? HandoverFlags.Group1 : 0);
        if (IsDeliverableTo(interruptId, vcpu))
        {
            flags |= (_latched[word] & bit) != 0 ? HandoverFlags.SetLatch : 0;
            flags |= (_line[word] & bit) != 0 ? HandoverFlags.Line : 0;
            _latched[word] &= ~bit;
        }

        _active[word] &= ~bit;
        _activeOn[interruptId] = Nobody;
        _holder[interruptId] = vcpu;
        _held[word] |= bit;
        _sequence[interruptId] = (uint)_sequence[interruptId] == uint.MaxValue ? 1 : _sequence[interruptId] + 1;
        _host.Hand(vcpu, new Handover(interruptId, _priority[interruptId], flags, (uint)_sequence[interruptId]));
    }

    /// <summary>Something has made the interrupt pending, or has met one that was.</summary>
    private void Announce(int interruptId, bool wasPending)
    {
        var holder = (int)_holder[interruptId];
        if (holder != Nobody && IsDeliverableTo(interruptId, holder))
        {
            Hand(interruptId, holder, isActive: false, HandoverFlags.Event);
            return;
        }

        Report(wasPending ? ReportKind.Coalesced : IsHeldUp(interruptId) ? ReportKind.Masked : ReportKind.Raised, interruptId);
        Touch(interruptId);
    }

    /// <summary>User space has written a latch: what waits from now on, or no more. What can be delivered is handed over in the same operation.</summary>
    private void ReportRestored(int interruptId, bool wasPending)
    {
        var (word, bit) = Place(interruptId);
        if (!wasPending && (Pending(word) & bit) != 0 && IsHeldUp(interruptId))
        {
            Report(ReportKind.Masked, interruptId);
        }
        else
        {
            ReportWithdrawn(interruptId, wasPending);
        }
    }

    /// <summary>It is with a CPU interface, active, without a target, or not enabled.</summary>
    private bool IsHeldUp(int interruptId)
    {
        var (word, bit) = Place(interruptId);
        return _holder[interruptId] != Nobody || (_active[word] & bit) != 0 || _target[interruptId] == Nobody || !IsOpen(interruptId);
    }

    private void ReportWithdrawn(int interruptId, bool wasPending)
    {
        var (word, bit) = Place(interruptId);
        if (wasPending && (Pending(word) & bit) == 0 && _holder[interruptId] == Nobody)
        {
            Report(ReportKind.Withdrawn, interruptId);
        }
    }

    private void Report(ReportKind kind, int interruptId)
    {
        if (_host.Listening)
        {
            _host.Report(new DeviceReport(kind, interruptId, (ulong)_target[interruptId]));
        }
    }

    /// <summary>A new level concerns a holder only if it may deliver it; otherwise it waits here.</summary>
    private void TouchIfSeen(int interruptId)
    {
        var holder = (int)_holder[interruptId];
        if (holder == Nobody || IsDeliverableTo(interruptId, holder))
        {
            Touch(interruptId);
        }
    }

    private bool IsDeliverableTo(int interruptId, int vcpu) => _target[interruptId] == vcpu && IsOpen(interruptId);

    /// <summary>Enabled, and the distributor lets its group pass.</summary>
    private bool IsOpen(int interruptId)
    {
        var (word, bit) = Place(interruptId);
        return (_enabled[word] & bit) != 0 && (_enabledGroups >> GroupOf(interruptId) & 1) != 0;
    }

    private void TakeBack(int interruptId)
    {
        var (word, bit) = Place(interruptId);
        _holder[interruptId] = Nobody;
        _held[word] &= ~bit;
        _touched[word] |= bit;
    }
}
