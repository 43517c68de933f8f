using System.Numerics;

namespace Trapline.Devices.Arm.Gic;

/// <content>The arrays of registers that have a bit, two, eight or 64 for each interrupt.</content>
internal sealed partial class Distributor
{
    private const int InterruptsPerConfig = 16;

    private static int BankOf(int offset) => offset & -DistributorRegisters.BitArrayBytes;

    private static int WordOf(int offset) => (offset & (DistributorRegisters.BitArrayBytes - 1)) / Word;

    private static int RoutedBy(int offset) => (offset - DistributorRegisters.Router) / sizeof(ulong);

    /// <summary>Latch and active state are with the holder; all else is here.</summary>
    private static uint NeededToRead(int bank) => bank switch
    {
        DistributorRegisters.SetPending or DistributorRegisters.ClearPending or DistributorRegisters.SetActive or DistributorRegisters.ClearActive => uint.MaxValue,
        _ => 0,
    };

    private uint NeededToWrite(int bank, int word, uint value, bool isUser) => bank switch
    {
        DistributorRegisters.Group => GroupsAreFixed ? 0 : value ^ _spis.Group1(word),
        DistributorRegisters.SetPending when isUser => uint.MaxValue,
        DistributorRegisters.ClearPending when isUser => 0,
        DistributorRegisters.ClearEnable or DistributorRegisters.SetPending or DistributorRegisters.ClearPending => value,
        DistributorRegisters.SetActive or DistributorRegisters.ClearActive => value,
        _ => 0,
    };

    private uint ReadBits(int bank, int word, bool isUser)
    {
        if (_spis.Implemented(word) == 0)
        {
            return 0;
        }

        return bank switch
        {
            DistributorRegisters.Group => GroupsAreFixed ? uint.MaxValue : _spis.Group1(word),
            DistributorRegisters.SetEnable or DistributorRegisters.ClearEnable => _spis.Enabled(word),
            DistributorRegisters.SetPending when isUser => _spis.Latched(word),
            DistributorRegisters.ClearPending when isUser => 0,
            DistributorRegisters.SetPending or DistributorRegisters.ClearPending => _spis.Pending(word),
            _ => _spis.Active(word),
        };
    }

    private void WriteBits(int bank, int word, uint value, bool isUser)
    {
        switch (bank)
        {
            case DistributorRegisters.Group when !GroupsAreFixed:
                _spis.SetGroup1(word, value);
                break;
            case DistributorRegisters.SetEnable:
            case DistributorRegisters.ClearEnable:
                _spis.SetEnabled(word, value, bank == DistributorRegisters.SetEnable);
                break;
            case DistributorRegisters.SetPending:
                _spis.SetLatched(word, isUser ? uint.MaxValue : value, value, isUser);
                break;
            case DistributorRegisters.ClearPending when !isUser:
                _spis.SetLatched(word, value, 0, isUser);
                break;
            case DistributorRegisters.SetActive:
            case DistributorRegisters.ClearActive:
                _spis.SetActive(word, value, bank == DistributorRegisters.SetActive);
                break;
        }
    }

    private uint ReadPriorities(int first, int count)
    {
        uint value = 0;
        for (var i = 0; i < count; i++)
        {
            value |= _spis.Exists(first + i) ? (uint)_spis.Priority(first + i) << (8 * i) : 0;
        }

        return value;
    }

    private void WritePriorities(int first, int count, uint value)
    {
        for (var i = 0; i < count; i++)
        {
            if (_spis.Exists(first + i))
            {
                _spis.SetPriority(first + i, (byte)(value >> (8 * i)));
            }
        }
    }

    private uint ReadConfig(int register)
    {
        var (word, shift) = (register / 2, register % 2 * InterruptsPerConfig);
        uint value = 0;
        for (var rest = _spis.Implemented(word) == 0 ? 0 : (ushort)(_spis.Edge(word) >> shift); rest != 0; rest &= (ushort)(rest - 1))
        {
            value |= 2u << (2 * BitOperations.TrailingZeroCount(rest));
        }

        return value;
    }

    private void WriteConfig(int register, uint value)
    {
        var (word, shift) = (register / 2, register % 2 * InterruptsPerConfig);
        if (_spis.Implemented(word) == 0)
        {
            return;
        }

        uint edges = 0;
        for (var i = 0; i < InterruptsPerConfig; i++)
        {
            edges |= (value >> ((2 * i) + 1) & 1) << (i + shift);
        }

        _spis.SetEdge(word, (_spis.Edge(word) & ~((uint)ushort.MaxValue << shift)) | edges);
    }

    /// <summary>An upper half of which nothing is kept is not written at all.</summary>
    private bool RoutesBy(int offset, int size) => size == sizeof(ulong) || (offset & Word) == 0 || _profile.RouterMask > uint.MaxValue;

    private ulong NewRouter(int offset, int size, ulong value) => new RegisterLane(offset, size).Put(_spis.Router(RoutedBy(offset)), value) & _profile.RouterMask;
}
