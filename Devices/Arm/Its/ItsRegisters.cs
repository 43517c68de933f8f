using Trapline.Devices.Arm.Profiles;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Its;

/// <summary>The registers of an ITS as they are stored, and what a write makes of a value (spec gicv3-its 6).</summary>
internal sealed class ItsRegisters
{
    private const ulong KvmDevices = 0x1907_0000_0000_0600;
    private const ulong KvmCollections = 0x1C07_0000_0000_0600;
    private const ulong RawDevices = 0x0107_0000_0000_0200;
    private const ulong RawCollections = 0x0407_0000_0000_0200;

    /// <summary>Entry_Size and Type.</summary>
    private const ulong TableReadOnly = 0x071F_0000_0000_0000;
    private const ulong IndirectBit = 1UL << 62;

    /// <summary>Bits 19:5: offsets are of commands, of a queue of at most 1 MiB.</summary>
    private const ulong OffsetMask = 0xF_FFE0;
    private const ulong ReadOnlyBit = 1;

    private const int QueuePageBytes = 0x1000;
    private const ulong QueuePagesMask = 0xFF;
    private const ulong KvmQueueAddress = 0x000F_FFFF_FFFF_0000;
    private const ulong RawQueueAddress = 0x000F_FFFF_FFFF_F000;
    private const ulong KvmQueueCleared = 0xF000;

    private readonly GicProfile _profile;
    private ulong _queueBase;
    private ulong _write;
    private ulong _read;
    private ulong _devices;
    private ulong _collections;
    private bool _isEnabled;

    public ItsRegisters(GicProfile profile)
    {
        _profile = profile;
        (_devices, _collections) = profile.RawItsRegisters ? (RawDevices, RawCollections) : (KvmDevices, KvmCollections);
    }

    public bool IsEnabled
    {
        get => _isEnabled;
        set => _isEnabled = value;
    }

    public ulong QueueBase => _queueBase;

    public ulong Write => _write;

    public ulong Read => _read;

    public ulong Devices => _devices;

    public ulong Collections => _collections;

    public bool IsQueueValid => (_queueBase & ItsTable.ValidBit) != 0;

    /// <summary>Whether all that KVM wants is valid before it enables an ITS.</summary>
    public bool TablesAreValid => IsQueueValid && (_devices & _collections & ItsTable.ValidBit) != 0;

    public uint QueueBytes => (uint)((_queueBase & QueuePagesMask) + 1) * QueuePageBytes;

    public ulong QueueAddress => _queueBase & (_profile.RawItsRegisters ? RawQueueAddress : KvmQueueAddress);

    public uint ReadOffset => (uint)(_read & OffsetMask);

    public uint WriteOffset => (uint)(_write & OffsetMask);

    /// <summary>Whether both offsets are commands of the queue, and not the same.</summary>
    public bool HasCommands =>
        ReadOffset != WriteOffset && ReadOffset < QueueBytes && WriteOffset < QueueBytes && (IsQueueValid || !_profile.RawItsRegisters);

    public void SetQueueBase(ulong value)
    {
        _read = 0;
        if (_profile.RawItsRegisters)
        {
            _queueBase = value;
            return;
        }

        _write = 0;
        _queueBase = WithCacheability(value & ~KvmQueueCleared, outerAt: 53, innerAt: 59);
    }

    /// <returns>Whether it was stored: KVM ignores an offset outside the queue.</returns>
    public bool TrySetWrite(ulong value)
    {
        if (_profile.RawItsRegisters)
        {
            _write = value & ~ReadOnlyBit;
            return true;
        }

        if ((value & OffsetMask) >= QueueBytes)
        {
            return false;
        }

        _write = value & OffsetMask;
        return true;
    }

    /// <summary>The guest's write, where there is such a thing; Stalled goes with the low half.</summary>
    public void SetRead(ulong value, bool isLow) => _read = isLow ? value & ~ReadOnlyBit : value;

    /// <summary>User space's write.</summary>
    /// <returns>False, and nothing happens, for an offset outside the queue.</returns>
    public bool TrySetRead(ulong value)
    {
        if ((value & OffsetMask) >= QueueBytes)
        {
            return false;
        }

        _read = value & OffsetMask;
        return true;
    }

    public void SetDevices(ulong value) => _devices = OfTable(value, _devices);

    public void SetCollections(ulong value) => _collections = OfTable(value, _collections) & (_profile.RawItsRegisters ? ulong.MaxValue : ~IndirectBit);

    /// <summary>The command at the read offset is done.</summary>
    public void Advance()
    {
        var next = ReadOffset + ItsCommand.Bytes;
        _read = (_read & ~OffsetMask) | (next >= QueueBytes ? 0 : next);
    }

    /// <summary>GITS_CREADR.Stalled: set by QEMU, and cleared by a write of CBASER or CREADR alone.</summary>
    public void Stall() => _read |= ReadOnlyBit;

    /// <summary>CTRL_RESET (spec 9.4): the tables keep all but Valid.</summary>
    public void Reset()
    {
        _isEnabled = false;
        (_queueBase, _write, _read) = (0, 0, 0);
        _devices &= ~ItsTable.ValidBit;
        _collections &= ~ItsTable.ValidBit;
    }

    public void SyncState(StateSync sync)
    {
        sync.Row("enabled", ref _isEnabled);
        sync.Row("CBASER", ref _queueBase);
        sync.Row("CWRITER", ref _write);
        sync.Row("CREADR", ref _read);
        sync.Row("BASER0", ref _devices);
        sync.Row("BASER1", ref _collections);
        if (sync.Loading && ((_devices ^ RawDevices) & TableReadOnly) + ((_collections ^ RawCollections) & TableReadOnly) != 0)
        {
            throw new StateFormatException($"BASER0 0x{_devices:x} and BASER1 0x{_collections:x} are not of devices and collections with entries of 8 bytes");
        }

        if (sync.Loading && !_profile.RawItsRegisters && (ReadOffset != _read || WriteOffset != _write || (_read | _write) != 0 && Math.Max(_read, _write) >= QueueBytes))
        {
            throw new StateFormatException($"CREADR 0x{_read:x} and CWRITER 0x{_write:x} are not offsets of commands of a queue of {QueueBytes} bytes");
        }
    }

    private ulong OfTable(ulong value, ulong old)
    {
        value = (value & ~TableReadOnly) | (old & TableReadOnly);
        if (_profile.RawItsRegisters)
        {
            return value;
        }

        const ulong PageSizeField = 3UL << 8;
        const ulong PageSizeIs64K = 2UL << 8;
        return WithCacheability((value & ~PageSizeField) | PageSizeIs64K, outerAt: 53, innerAt: 59);
    }

    /// <summary>What KVM allows in the attributes: shareability 2 becomes 1, outer cacheability above 1 becomes 0, inner below 2 becomes 3.</summary>
    private static ulong WithCacheability(ulong value, int outerAt, int innerAt)
    {
        const int ShareabilityAt = 10;
        if (((value >> ShareabilityAt) & 3) == 2)
        {
            value ^= 3UL << ShareabilityAt;
        }

        if (((value >> outerAt) & 7) > 1)
        {
            value &= ~(7UL << outerAt);
        }

        if (((value >> innerAt) & 7) < 2)
        {
            value = (value & ~(7UL << innerAt)) | (3UL << innerAt);
        }

        return value;
    }
}
