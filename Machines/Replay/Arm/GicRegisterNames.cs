using Trapline.Devices.Arm.Registers;
using Trapline.Machines.Recordings.Arm;

namespace Trapline.Machines.Replay.Arm;

/// <summary>Names of recorded registers as Arm's manual has them, with whose they are.</summary>
internal static class GicRegisterNames
{
    public static string Of(in GicEvent access) => access.Frame switch
    {
        GicFrame.CpuInterface => $"CPU {access.Cpu} ICC_{access.Register!.Name}_EL1",
        GicFrame.Distributor => Name(GicRegisters.Distributor, "GICD", access.Address),
        GicFrame.Redistributor => $"CPU {access.Index} {Name(GicRegisters.Redistributor, "GICR", access.Address)}",
        _ => Name(GicRegisters.Its, "GITS", access.Address),
    };

    private static string Name(IReadOnlyList<RegisterBank> frame, string prefix, ulong offset) =>
        GicRegisters.NameOf(frame, offset) ?? $"{prefix} 0x{offset:x}";
}
