using Trapline.Messages.State;

namespace Trapline.Devices.Common.Sources;

/// <summary>
/// The MSI-X table of a device and its pending bits (PCI Local Bus Specification 3.0, 6.8.2): a message of a masked entry
/// sets the entry's pending bit, and unmasking sends one. Entries are masked at first; whoever has the table checks indices.
/// </summary>
internal sealed class MsixTable
{
    /// <summary>Vector control bit 0, beside the data in the register of eight bytes.</summary>
    private const ulong MaskBit = MsiRegisters.EntryMask;

    private const int WordBits = 64;

    private readonly ulong[] _address;
    private readonly ulong[] _dataAndControl;
    private readonly ulong[] _pending;

    /// <param name="entries">How many the device has.</param>
    /// <param name="pendingWords">Words of the pending bits, used or not.</param>
    public MsixTable(int entries, int pendingWords)
    {
        _address = new ulong[entries];
        _dataAndControl = new ulong[entries];
        _dataAndControl.AsSpan().Fill(MaskBit);
        _pending = new ulong[pendingWords];
    }

    /// <summary>Messages that wait behind a mask, one of each entry at most.</summary>
    public int Waiting => _pending.Sum(System.Numerics.BitOperations.PopCount);

    public MsiEntry this[int entry] => new(_address[entry], (uint)_dataAndControl[entry], IsMasked(entry));

    public bool IsMasked(int entry) => (_dataAndControl[entry] & MaskBit) != 0;

    public ulong PendingWord(int word) => _pending[word];

    /// <summary>A register of eight bytes of an entry.</summary>
    /// <param name="entry">Which.</param>
    /// <param name="register">Offset in the entry: <see cref="MsiRegisters.EntryAddress"/> or the other.</param>
    public ulong Read(int entry, int register) => register == MsiRegisters.EntryAddress ? _address[entry] : _dataAndControl[entry];

    /// <summary>Writes a register of eight bytes of an entry.</summary>
    /// <param name="entry">Which.</param>
    /// <param name="register">Offset in the entry.</param>
    /// <param name="value">Of all eight bytes.</param>
    /// <returns>True if this lets out the message that waited.</returns>
    public bool Write(int entry, int register, ulong value)
    {
        if (register == MsiRegisters.EntryAddress)
        {
            // A message is written to an aligned word: PCI keeps the two lowest bits 0.
            _address[entry] = value & ~3UL;
            return false;
        }

        _dataAndControl[entry] = value & (uint.MaxValue | MaskBit);
        ref var pending = ref _pending[entry / WordBits];
        var bit = 1UL << (entry % WordBits);
        var leaves = !IsMasked(entry) && (pending & bit) != 0;
        pending &= leaves ? ~bit : ulong.MaxValue;
        return leaves;
    }

    /// <summary>A message meets the mask. True if it is the first that waits there.</summary>
    public bool Hold(int entry)
    {
        ref var pending = ref _pending[entry / WordBits];
        var before = pending;
        pending |= 1UL << (entry % WordBits);
        return before != pending;
    }

    /// <summary>The rows of one entry, in whatever section the caller has begun.</summary>
    public void SyncState(StateSync sync, int entry)
    {
        sync.Row("MSIX_ADDR", ref _address[entry]);
        sync.Row("MSIX_DATA and MSIX_CONTROL", ref _dataAndControl[entry]);
    }

    public void SyncPending(StateSync sync) => sync.Row("MSIX_PBA", _pending);

    /// <summary>Refuses a loaded entry that no write could have made.</summary>
    /// <param name="section">Its section, for the error.</param>
    /// <param name="entry">Which.</param>
    public void CheckEntry(string section, int entry)
    {
        if ((_address[entry] & 3) != 0 || (_dataAndControl[entry] & ~(uint.MaxValue | MaskBit)) != 0)
        {
            throw new StateFormatException($"row '{section}[{entry}]': 0x{_address[entry]:x}, 0x{_dataAndControl[entry]:x} have bits that an entry has not");
        }
    }
}
