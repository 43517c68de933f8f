using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Gic;

/// <summary>Refuses rows that no reachable state has, before anything is done with them.</summary>
internal static class RowCheck
{
    public static void Bits(string name, ulong value, ulong allowed)
    {
        if ((value & ~allowed) != 0)
        {
            throw new StateFormatException($"row '{name}': 0x{value:x} has bits outside 0x{allowed:x}");
        }
    }

    public static void Range(string name, long value, long least, long greatest)
    {
        if (value < least || value > greatest)
        {
            throw new StateFormatException($"row '{name}': {value} is outside {least} to {greatest}");
        }
    }
}
