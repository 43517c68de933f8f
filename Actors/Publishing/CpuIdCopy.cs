using Trapline.Actors.Kernel;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Messages;

namespace Trapline.Actors.Publishing;

/// <summary>A group's copy of the map of CPU ids takes over what the owner published.</summary>
internal static class CpuIdCopy
{
    /// <exception cref="SimulationException">Another table, or a change that the copy cannot have: a broken publication.</exception>
    public static void TakeOver(CpuIdMap copy, in Message message)
    {
        if (message.Word0 != (ulong)PublishedTable.CpuIds)
        {
            throw new SimulationException($"{message.Target} keeps no copy of table {message.Word0}: {message}");
        }

        // The owner has checked it.
        if (copy.TryAssign((int)message.Word1, message.Word2) != Errno.Success)
        {
            throw new SimulationException(
                $"{message.Target} cannot take over CPU id {message.Word2} for vCPU {message.Word1} at {message.Due}: its copy differs from the owner's");
        }
    }
}
