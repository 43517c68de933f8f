using Trapline.Devices.Arm.Registers;

namespace Trapline.Actors.Statistics;

/// <summary>
/// The exit reasons of one device's registers: a number for each register's reads and one for its writes, found by
/// offset without allocating. A register of many bytes, or a table, has one number; offsets without a register share
/// one: a guest that walks through them must not fill the table.
/// </summary>
internal sealed class RegisterReasons
{
    private readonly int _first;
    private readonly byte[] _numbers;
    private readonly string[] _registers;

    /// <param name="counter">KVM's statistics counter without its direction: <c>ipi</c>.</param>
    /// <param name="first">The first number.</param>
    /// <param name="registers">Names of the registers.</param>
    /// <param name="offsets">How many offsets there are.</param>
    /// <param name="nameOf">Name of the register at an offset; one that is not in the list is none.</param>
    /// <param name="noRegister">Name of what is not in the list.</param>
    public RegisterReasons(string counter, int first, string[] registers, int offsets, Func<int, string> nameOf, string noRegister = "(no register)")
    {
        _first = first;
        _registers = [.. registers, noRegister];
        _numbers = [.. Enumerable.Range(0, offsets).Select(offset => NumberOf(nameOf(offset)))];
        Names = NamesOf(counter);
    }

    /// <param name="counter">KVM's statistics counter without its direction.</param>
    /// <param name="first">The first number.</param>
    /// <param name="banks">The registers; those of an array share a number.</param>
    /// <param name="offsets">How many offsets there are.</param>
    /// <param name="noRegister">Name of what is not in a bank.</param>
    public RegisterReasons(string counter, int first, IReadOnlyList<RegisterBank> banks, int offsets, string noRegister)
    {
        _first = first;
        _registers = [.. banks.Select(bank => bank.Name), noRegister];
        _numbers = new byte[offsets];
        _numbers.AsSpan().Fill((byte)banks.Count);
        for (var bank = 0; bank < banks.Count; bank++)
        {
            _numbers.AsSpan(banks[bank].Offset, banks[bank].Bytes).Fill((byte)bank);
        }

        Names = NamesOf(counter);
    }

    /// <summary>Names of the reasons, reads first.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The first number after these.</summary>
    public int End => _first + Names.Count;

    public int Read(ulong offset) => _first + (offset < (ulong)_numbers.Length ? _numbers[offset] : _registers.Length - 1);

    public int Write(ulong offset) => Read(offset) + _registers.Length;

    private string[] NamesOf(string counter) =>
        [.. _registers.Select(register => $"{counter}_read {register}"), .. _registers.Select(register => $"{counter}_write {register}")];

    private byte NumberOf(string name)
    {
        // A byte of a table is named with its index.
        var index = name.IndexOf('[', StringComparison.Ordinal);
        var register = Array.IndexOf(_registers, index < 0 ? name : name[..index]);
        return (byte)(register >= 0 ? register : _registers.Length - 1);
    }
}
