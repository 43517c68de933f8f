using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Lpi;

/// <summary>
/// LPIs as QEMU keeps them: the pending table of each vCPU in guest memory is the state, so that one INTID may be pending on several.
/// A bit stays set while the CPU interface has the LPI and goes when that has served it.
/// </summary>
/// <remarks>
/// The property byte is read when an LPI becomes pending and when the table is searched: at EnableLPIs, INV, INVALL, MOVALL, and, where
/// something pending was found disabled, after each acknowledge. INV and INVALL look again at all that a vCPU has. QEMU does so at each acknowledge
/// too, and where its first LPI is cleared or moved; here what the CPU interface has then keeps the property it was handed with, which shows where that was changed without INV.
/// </remarks>
internal sealed class MemoryLpis(IGicBoardHost host, GicProfile profile, IGuestMemory memory, ILpiTargets targets)
    : LpiStore(host, profile, memory, targets, new MemoryHolds(targets.Vcpus))
{
    private const int WordBytes = sizeof(ulong);
    private const int WordBits = 64;

    /// <summary>Of a pending table: its first that is looked at, and however much follows, is a multiple of it.</summary>
    private const int PieceBytes = 1024;

    // Something pending was found that could not be handed on: the table is worth another search.
    private readonly byte[] _waits = new byte[targets.Vcpus];

    /// <summary>An event came (INT, a message). Nothing happens where the vCPU's LPIs are off or its PROPBASER has fewer INTIDs.</summary>
    public void SetPending(int vcpu, int interruptId)
    {
        if (!Takes(vcpu, interruptId))
        {
            return;
        }

        if (Holds.Has(vcpu, interruptId))
        {
            Hand(vcpu, interruptId, ReadProperty(vcpu, interruptId), isEvent: true);
        }
        else if (!TrySetBit(vcpu, interruptId, value: true))
        {
            Report(ReportKind.Coalesced, interruptId, vcpu);
        }
        else
        {
            Report(TryHand(vcpu, interruptId) ? ReportKind.Raised : ReportKind.Masked, interruptId, vcpu);
        }
    }

    /// <summary>CLEAR, DISCARD; what the CPU interface has was fetched before.</summary>
    public void ClearPending(int vcpu, int interruptId)
    {
        if (Takes(vcpu, interruptId) && TrySetBit(vcpu, interruptId, value: false))
        {
            Report(ReportKind.Withdrawn, interruptId, vcpu);
        }
    }

    /// <summary>MOVI; nothing happens unless the LPIs of both are on. What the old one had was fetched before.</summary>
    public void Move(int from, int to, int interruptId)
    {
        if (Takes(from, interruptId) && Takes(to, interruptId) && TrySetBit(from, interruptId, value: false))
        {
            SetPending(to, interruptId);
        }
    }

    /// <summary>MOVALL: all pending bits, byte by byte of both tables; nothing happens unless the LPIs of both are on.</summary>
    public void MoveAll(int from, int to)
    {
        if (!Targets.LpisEnabled(from) || !Targets.LpisEnabled(to))
        {
            return;
        }

        var (source, destination) = (LpiTables.PendingTable(Targets.PendingBase(from)), LpiTables.PendingTable(Targets.PendingBase(to)));
        var end = EndOfTable(Math.Min(LpiTables.Limit(Targets.PropertyBase(from)), LpiTables.Limit(Targets.PropertyBase(to))));
        for (var at = LpiTables.FirstPendingByte; at < end; at += WordBytes)
        {
            if (Memory.TryRead(source + at, WordBytes, out var bits) && bits != 0)
            {
                _ = Memory.TryRead(destination + at, WordBytes, out var others);
                _ = Memory.TryWrite(source + at, WordBytes, 0);
                _ = Memory.TryWrite(destination + at, WordBytes, bits | others);
                LatchHeld(to, at, bits);
            }
        }

        Search(from);
        Search(to);
    }

    /// <summary>Looks for what is pending and not handed on, and hands it on if it is enabled now.</summary>
    public void Search(int vcpu)
    {
        _waits[vcpu] = 0;
        if (!Targets.LpisEnabled(vcpu))
        {
            return;
        }

        Span<byte> piece = stackalloc byte[PieceBytes];
        var table = LpiTables.PendingTable(Targets.PendingBase(vcpu));
        var end = EndOfTable(LpiTables.Limit(Targets.PropertyBase(vcpu)));
        for (var at = LpiTables.FirstPendingByte; at < end; at += PieceBytes)
        {
            ReadPending(table + at, piece);
            var words = MemoryMarshal.Cast<byte, ulong>(piece);
            for (var word = words.IndexOfAnyExcept(0UL); word >= 0 && word < words.Length; word++)
            {
                if (words[word] != 0)
                {
                    SearchWord(vcpu, ((int)(at / WordBytes) + word) * WordBits, words[word]);
                }
            }
        }
    }

    public override void EnableLpis(int vcpu)
    {
        Search(vcpu);
        Settle();
    }

    /// <summary>Bits stay where they are.</summary>
    public override void DisableLpis(int vcpu) => Settle();

    public override void InvalidateLpi(int interruptId)
    {
        for (var vcpu = 0; vcpu < Targets.Vcpus; vcpu++)
        {
            Search(vcpu);
        }

        Settle();
    }

    public override void InvalidateAll(int vcpu)
    {
        Search(vcpu);
        Settle();
    }

    public override void DeliverPending()
    {
        for (var vcpu = 0; vcpu < Targets.Vcpus; vcpu++)
        {
            Search(vcpu);
        }

        Settle();
    }

    /// <summary>They are there at any time.</summary>
    public override int SavePendingTables()
    {
        Settle();
        return Errno.Success;
    }

    public override void SyncState(StateSync sync)
    {
        base.SyncState(sync);
        sync.Row("waits", _waits);
    }

    private protected override void Served(int vcpu, int interruptId)
    {
        _ = TrySetBit(vcpu, interruptId, value: false);
        if (_waits[vcpu] != 0)
        {
            Search(vcpu);
        }
    }

    private protected override void TakeBack(int vcpu, int interruptId)
    {
    }

    private protected override void Decide(int vcpu, int interruptId)
    {
        if (!Takes(vcpu, interruptId) || Holds.Has(vcpu, interruptId))
        {
            return;
        }

        var isRead = Memory.TryRead(LpiTables.PendingAddress(Targets.PendingBase(vcpu), interruptId), sizeof(byte), out var value);
        if (isRead && (value & LpiTables.PendingBit(interruptId)) != 0)
        {
            _ = TryHand(vcpu, interruptId);
        }
    }

    /// <summary>What the CPU interface has may have been served, with its release on the way: it is pending once more.</summary>
    private void LatchHeld(int vcpu, ulong at, ulong bits)
    {
        for (; bits != 0; bits &= bits - 1)
        {
            var interrupt = ((int)(at / WordBytes) * WordBits) + BitOperations.TrailingZeroCount(bits);
            if (Holds.Has(vcpu, interrupt))
            {
                Hand(vcpu, interrupt, ReadProperty(vcpu, interrupt));
            }
        }
    }

    /// <summary>What cannot be read is zero, as on QEMU's bus.</summary>
    private void ReadPending(ulong address, Span<byte> piece)
    {
        if (Memory.TryRead(address, piece))
        {
            return;
        }

        for (var at = 0; at < piece.Length; at += WordBytes)
        {
            _ = Memory.TryRead(address + (ulong)at, WordBytes, out var bits);
            BinaryPrimitives.WriteUInt64LittleEndian(piece[at..], bits);
        }
    }

    /// <summary>The pending LPIs of 64, whose property bytes are read at once: a guest may leave all pending and disabled.</summary>
    private void SearchWord(int vcpu, int first, ulong bits)
    {
        Span<byte> properties = stackalloc byte[WordBits];
        var isRead = Memory.TryRead(LpiTables.PropertyAddress(Targets.PropertyBase(vcpu), first), properties);
        for (; bits != 0; bits &= bits - 1)
        {
            var at = BitOperations.TrailingZeroCount(bits);
            if (!Holds.Has(vcpu, first + at))
            {
                _ = TryHand(vcpu, first + at, isRead ? properties[at] : ReadProperty(vcpu, first + at));
            }
        }
    }

    /// <summary>The end of what is searched, in bytes from the table's start.</summary>
    private static ulong EndOfTable(int limit) => (ulong)(limit / 8);

    private bool Takes(int vcpu, int interruptId) =>
        Targets.LpisEnabled(vcpu) && InterruptIds.IsLpi(interruptId) && interruptId < LpiTables.Limit(Targets.PropertyBase(vcpu));

    private bool TryHand(int vcpu, int interruptId) => TryHand(vcpu, interruptId, ReadProperty(vcpu, interruptId));

    private bool TryHand(int vcpu, int interruptId, byte property)
    {
        if ((property & LpiTables.PropertyEnabled) == 0 || !Targets.DeliversGroup1)
        {
            _waits[vcpu] = 1;
            return false;
        }

        Hand(vcpu, interruptId, property);
        return true;
    }

    private byte ReadProperty(int vcpu, int interruptId)
    {
        _ = Memory.TryRead(LpiTables.PropertyAddress(Targets.PropertyBase(vcpu), interruptId), sizeof(byte), out var property);
        return (byte)property;
    }

    /// <returns>Whether the bit has changed; where the table is not memory nothing is ever pending.</returns>
    private bool TrySetBit(int vcpu, int interruptId, bool value)
    {
        var address = LpiTables.PendingAddress(Targets.PendingBase(vcpu), interruptId);
        ulong bit = LpiTables.PendingBit(interruptId);
        if (!Memory.TryRead(address, sizeof(byte), out var old) || (old & bit) != 0 == value)
        {
            return false;
        }

        return Memory.TryWrite(address, sizeof(byte), value ? old | bit : old & ~bit);
    }
}
