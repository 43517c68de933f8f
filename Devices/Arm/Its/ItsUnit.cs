using Trapline.Devices.Arm.Lpi;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Its;

/// <summary>
/// One interrupt translation service: registers, command queue, translation (spec gicv3-its 6 to 8). A write may leave commands to be
/// executed: while <see cref="HasCommands"/>, collect the recalls of the next, fetch them, collect again until there are none, and
/// at once execute it. The write is complete when no command is left.
/// </summary>
/// <remarks>
/// At most 32,767 commands follow one write, for the queue has no room for more, and none does more than go once over all LPIs, or over the events of
/// a device or collection (in QEMU over the pending tables of all vCPUs). Messages may come between two commands.
/// </remarks>
public sealed class ItsUnit
{
    private const uint QuiescentBit = 1u << 31;
    private const uint EnabledBit = 1;
    private const int WordBytes = sizeof(uint);
    private const int DoubleWordBytes = sizeof(ulong);

    private readonly int _index;
    private readonly IGicBoardHost _host;
    private readonly GicProfile _profile;
    private readonly IGuestMemory _memory;
    private readonly LpiStore _lpis;
    private readonly ItsRegisters _registers;
    private readonly ItsMappings _mappings;
    private bool _isProcessing;
    private bool _isPlaced;
    private ulong _base;

    internal ItsUnit(int index, IGicBoardHost host, GicProfile profile, IGuestMemory memory, ILpiTargets targets, LpiStore lpis)
    {
        _index = index;
        _host = host;
        _profile = profile;
        _memory = memory;
        _lpis = lpis;
        _registers = new ItsRegisters(profile);
        _mappings = lpis switch
        {
            KvmLpis objects => new KvmMappings(profile, memory, targets, objects, _registers),
            MemoryLpis tables => new TableMappings(memory, targets, tables, _registers),
            _ => throw new ArgumentException("LPIs of a kind that no ITS knows", nameof(lpis)),
        };
    }

    /// <summary>Guest physical address of the control frame, or null while user space has not placed it.</summary>
    public ulong? Base
    {
        get => _isPlaced ? _base : null;
        set => (_isPlaced, _base) = (value.HasValue, value ?? 0);
    }

    public bool IsEnabled => _registers.IsEnabled;

    /// <summary>Whether a command waits for <see cref="ExecuteNext"/>.</summary>
    public bool HasCommands => _isProcessing;

    /// <summary>In the order of creation.</summary>
    public int Index => _index;

    internal ItsMappings Mappings => _mappings;

    /// <summary>The guest reads a register.</summary>
    /// <param name="offset">From the base, in 128 KiB.</param>
    /// <param name="size">4 or 8 bytes, aligned; others read 0, as everything else does that is not there.</param>
    public ulong Read(ulong offset, int size)
    {
        var register = offset & ~(ulong)(DoubleWordBytes - 1);
        switch (size)
        {
            case DoubleWordBytes when offset == register && IsWide(register):
                return ReadWide(register);
            case WordBytes when offset % WordBytes == 0 && IsWide(register):
                return (uint)(ReadWide(register) >> (offset == register ? 0 : 32));
            case WordBytes:
                return ReadNarrow(offset);
            default:
                return 0;
        }
    }

    /// <summary>The guest writes a register. See <see cref="HasCommands"/>.</summary>
    /// <inheritdoc cref="Read"/>
    public void Write(ulong offset, int size, ulong value)
    {
        var register = offset & ~(ulong)(DoubleWordBytes - 1);
        switch (size)
        {
            case DoubleWordBytes when offset == register && IsWide(register):
                WriteWide(register, value, isLow: true);
                break;
            case WordBytes when offset % WordBytes == 0 && IsWide(register):
                var old = ReadWide(register);
                var isLow = offset == register;
                WriteWide(register, isLow ? (old & ~(ulong)uint.MaxValue) | (uint)value : (uint)old | (value << 32), isLow);
                break;
            case WordBytes when offset == ItsOffsets.Control:
                WriteControl((uint)value);
                break;
            default:
                if (offset == ItsOffsets.Translater && _profile.TranslaterIsRegister && size > 1)
                {
                    _ = SignalFromCpu(size == 2 ? (ushort)value : (uint)value);
                }

                break;
        }
    }

    /// <summary>What must come back from CPU interfaces before the next command. Nothing is appended where nothing must.</summary>
    public void CollectRecalls(List<Recall> recalls)
    {
        if (_isProcessing && TryFetch(out var command))
        {
            _mappings.CollectRecalls(command, recalls);
        }
    }

    /// <summary>Executes the command at GITS_CREADR.</summary>
    public void ExecuteNext()
    {
        if (!_isProcessing)
        {
            throw new InvalidOperationException("no command waits: ask HasCommands first");
        }

        var offset = _registers.ReadOffset;
        var isFetched = TryFetch(out var command);
        var result = isFetched ? _mappings.Execute(command) : Errno.BadAddress;
        _lpis.Settle();
        _host.CommandDone(_index, offset, (byte)command.Opcode, result);
        if (isFetched && result == Errno.BadAddress && _profile.TablesAreState)
        {
            _registers.Stall();
            _isProcessing = false;
            return;
        }

        _registers.Advance();
        _isProcessing = _registers.HasCommands;
    }

    /// <summary>An event of a device comes to this ITS, past the translation cache (spec 8.2, steps 5 to 8).</summary>
    /// <returns>0: it is pending. Or one of <see cref="ItsErrors"/>, or a negative errno: -EBUSY while the ITS is disabled.</returns>
    public int Translate(uint deviceId, uint eventId) => _registers.IsEnabled ? _mappings.Translate(deviceId, eventId) : Errno.Busy;

    /// <summary>What is no longer to be used when EnableLPIs of any vCPU was cleared.</summary>
    public void EmptyCache() => _mappings.EmptyCache();

    /// <summary>All state of this ITS; the LPIs' state comes before.</summary>
    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Row("placed", ref _isPlaced);
        sync.Row("base", ref _base);
        _registers.SyncState(sync);
        sync.Row("processing", ref _isProcessing);
        if (sync.Loading && _isProcessing && !(_registers.IsEnabled && _registers.HasCommands))
        {
            throw new StateFormatException("an ITS executes commands though it is disabled or has none");
        }

        _mappings.SyncState(sync);
    }

    /// <summary>CTRL_RESET (spec 9.4).</summary>
    internal void Reset()
    {
        _registers.Reset();
        _isProcessing = false;
        _mappings.DropDevices();
        _mappings.DropCollections();
        _lpis.Settle();
    }

    /// <summary>GITS_CREADR as user space sets it (spec 9.3).</summary>
    /// <returns>0; -EBUSY while the ITS is enabled; -EINVAL for an offset outside the queue.</returns>
    internal int SetReadOffset(ulong value)
    {
        if (_registers.IsEnabled)
        {
            return Errno.Busy;
        }

        return _registers.TrySetRead(value) ? Errno.Success : Errno.InvalidArgument;
    }

    /// <summary>Which registers have 64 bits.</summary>
    internal static bool IsWide(ulong register) => register is ItsOffsets.Type or ItsOffsets.QueueBase or ItsOffsets.QueueWrite or ItsOffsets.QueueRead
        or (>= ItsOffsets.TableBase and < ItsOffsets.TableBaseEnd);

    /// <summary>Executes what the queue has, if anything.</summary>
    internal void Process() => _isProcessing = _registers.IsEnabled && _registers.HasCommands;

    private ulong ReadWide(ulong register) => register switch
    {
        ItsOffsets.Type => _profile.ItsTyper,
        ItsOffsets.QueueBase => _registers.QueueBase,
        ItsOffsets.QueueWrite => _registers.Write,
        ItsOffsets.QueueRead => _registers.Read,
        ItsOffsets.TableBase => _registers.Devices,
        ItsOffsets.TableBase + DoubleWordBytes => _registers.Collections,
        _ => 0,
    };

    private uint ReadNarrow(ulong offset)
    {
        switch (offset)
        {
            case ItsOffsets.Control:
                var isQuiescent = _profile.AlwaysQuiescent || _registers.Read == _registers.Write;
                return (_registers.IsEnabled ? EnabledBit : 0) | (isQuiescent ? QuiescentBit : 0);
            case ItsOffsets.Implementer:
                return _profile.ImplementerId;
            default:
                return ItsIdentification.Read(offset, _profile.FullIdentification);
        }
    }

    private void WriteWide(ulong register, ulong value, bool isLow)
    {
        switch (register)
        {
            case ItsOffsets.QueueBase when !_registers.IsEnabled:
                _registers.SetQueueBase(value);
                break;
            case ItsOffsets.QueueWrite:
                // QEMU looks at the queue when the low half is written.
                if (_registers.TrySetWrite(value) && (isLow || !_profile.RawItsRegisters))
                {
                    Process();
                }

                break;
            case ItsOffsets.QueueRead when _profile.ReadPointerWritable:
                _registers.SetRead(value, isLow);
                break;
            case ItsOffsets.TableBase when !_registers.IsEnabled:
                WriteDeviceTable(value);
                break;
            case ItsOffsets.TableBase + DoubleWordBytes when !_registers.IsEnabled:
                WriteCollectionTable(value);
                break;
            default:
                break;
        }
    }

    private void WriteControl(uint value)
    {
        if ((value & EnabledBit) == 0)
        {
            _registers.IsEnabled = false;
            _isProcessing = false;
            _mappings.EmptyCache();
            return;
        }

        if (!_registers.IsEnabled && _profile.EnableNeedsValidTables && !_registers.TablesAreValid)
        {
            return;
        }

        _registers.IsEnabled = true;
        Process();
    }

    private void WriteDeviceTable(ulong value)
    {
        var old = _registers.Devices;
        _registers.SetDevices(value);
        if (IsReplaced(old, _registers.Devices))
        {
            _mappings.DropDevices();
        }
    }

    private void WriteCollectionTable(ulong value)
    {
        var old = _registers.Collections;
        _registers.SetCollections(value);
        if (IsReplaced(old, _registers.Collections))
        {
            _mappings.DropCollections();
        }
    }

    private bool IsReplaced(ulong old, ulong value) => old != value && (!_profile.BaserDropsOnlyWhenInvalid || (value & ItsTable.ValidBit) == 0);

    /// <summary>A command that cannot be read is none: KVM skips it, for QEMU it is made of zeros, which is an unknown one.</summary>
    private bool TryFetch(out ItsCommand command)
    {
        var address = _registers.QueueAddress + _registers.ReadOffset;
        var isRead = _memory.TryRead(address, DoubleWordBytes, out var word0);
        isRead &= _memory.TryRead(address + 8, DoubleWordBytes, out var word1);
        isRead &= _memory.TryRead(address + 16, DoubleWordBytes, out var word2);
        isRead &= _memory.TryRead(address + 24, DoubleWordBytes, out var word3);
        command = isRead ? new ItsCommand(word0, word1, word2, word3) : default;
        return isRead;
    }

    /// <summary>A vCPU has no requester id; QEMU takes 0.</summary>
    private int SignalFromCpu(uint eventId) => Translate(deviceId: 0, eventId);
}
