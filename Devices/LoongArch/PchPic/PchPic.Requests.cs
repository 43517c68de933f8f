using System.Numerics;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Profiles;

namespace Trapline.Devices.LoongArch.PchPic;

/// <content>How requests come and go.</content>
public sealed partial class PchPic
{
    /// <summary>
    /// Masking takes nothing back that was sent, unless the profile says so (row D12). Unmasking sends a request again,
    /// also one that is in service: that is how a pin which is still high after its acknowledgement interrupts again.
    /// </summary>
    private void WriteMask(ulong value)
    {
        var (unmasked, masked) = (_mask & ~value, ~_mask & value);
        _mask = value;
        Raise(Chosen(unmasked, _requested & ~_mask));
        var lowers = _profile.PicMaskWithdraws ? _inService : _inService & ~_requested;
        Lower(Chosen(masked, lowers), ReportKind.Withdrawn);
    }

    /// <summary>Row D15: QEMU clears all that is named, if an edge-triggered pin is among it.</summary>
    private void Clear(ulong named)
    {
        var touchesLevelPins = _profile.PicClearTouchesLevelPins;
        var cleared = (_edge & named) == 0 ? 0 : touchesLevelPins ? named : _requested & _edge & named;
        _requested &= ~cleared;
        Lower(Chosen(cleared, _inService & ~_requested), ReportKind.Acknowledged);
        if (touchesLevelPins)
        {
            // QEMU: also of those that it did not lower, whose EIOINTC input then stays high.
            _inService &= ~cleared;
        }
    }

    /// <summary>Row D14: of the pins that a write concerns and that qualify, those that it acts on.</summary>
    private ulong Chosen(ulong concerned, ulong qualifying) => _profile.PicPinsPerWrite switch
    {
        PinsPerWrite.Lowest => concerned & qualifying & (0 - (concerned & qualifying)),
        PinsPerWrite.LowHalf => (uint)(concerned | (concerned >> 32)) & qualifying,
        _ => concerned & qualifying,
    };

    private void InputLevel(ulong bit, bool level)
    {
        if (level)
        {
            Request(bit);
            return;
        }

        if ((bit & _requested & ~_inService) != 0)
        {
            Report(ReportKind.Withdrawn, BitOperations.TrailingZeroCount(bit), 0);
        }

        _requested &= ~bit;
        Lower(bit & _inService, ReportKind.Ended);
    }

    /// <summary>
    /// Row D16: without an edge detector each time the pin is driven high is an edge, and a fall is not seen. Row D13: a
    /// fall takes the interrupt back, though the request stays latched.
    /// </summary>
    private void InputEdge(ulong bit, bool level)
    {
        var detects = _profile.PicEdgeDetector;
        if (level)
        {
            if (!detects || (_levels & bit) == 0)
            {
                Request(bit);
            }
            else
            {
                Raise(bit & _requested & ~_mask);
            }
        }
        else if (_profile.PicFallingEdgeWithdraws)
        {
            Lower(bit & _inService, ReportKind.Withdrawn);
        }
        else if (detects)
        {
            Lower(bit & _inService & ~_requested, ReportKind.Withdrawn);
        }
    }

    private void Request(ulong bit)
    {
        if ((bit & _mask & ~_requested) != 0)
        {
            Report(ReportKind.Masked, BitOperations.TrailingZeroCount(bit), 0);
        }

        _requested |= bit;
        Raise(bit & ~_mask);
    }

    /// <summary>Sends pins to EIOINTC, ascending, also those that it has been sent already.</summary>
    private void Raise(ulong pins)
    {
        for (; pins != 0; pins &= pins - 1)
        {
            var pin = BitOperations.TrailingZeroCount(pins);
            var bit = 1UL << pin;
            Report((_inService & bit) == 0 ? ReportKind.Raised : ReportKind.Coalesced, pin, _vector[pin]);
            _inService |= bit;
            _host.DrivePin(_vector[pin], true);
        }
    }

    /// <summary>Takes pins back, ascending. The vector is looked up anew: one that was changed since the raise is the wrong one.</summary>
    private void Lower(ulong pins, ReportKind kind)
    {
        for (; pins != 0; pins &= pins - 1)
        {
            var pin = BitOperations.TrailingZeroCount(pins);
            Report(kind, pin, _vector[pin]);
            _inService &= ~(1UL << pin);
            _host.DrivePin(_vector[pin], false);
        }
    }
}
