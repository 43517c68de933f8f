using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Cpu;

/// <summary>Loaded values that no run can have made are refused by the name of their row.</summary>
internal static class StateCheck
{
    /// <exception cref="StateFormatException">A bit is set that does not exist.</exception>
    public static void Bits(string name, ulong value, ulong possible)
    {
        if ((value & ~possible) != 0)
        {
            throw new StateFormatException($"row '{name}': the value 0x{value:x} has bits outside 0x{possible:x}");
        }
    }

    /// <exception cref="StateFormatException">The value is outside.</exception>
    public static void Range(string name, ulong value, ulong least, ulong greatest)
    {
        if (value < least || value > greatest)
        {
            throw new StateFormatException($"row '{name}': the value 0x{value:x} is outside 0x{least:x} to 0x{greatest:x}");
        }
    }

    /// <exception cref="StateFormatException">The value is outside.</exception>
    public static void SignedRange(string name, long value, long least, long greatest)
    {
        if (value < least || value > greatest)
        {
            throw new StateFormatException($"row '{name}': the value {value} is outside {least} to {greatest}");
        }
    }
}
