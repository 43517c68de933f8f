using Trapline.Actors.Kernel;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Messages;

namespace Trapline.Actors.Publishing;

/// <summary>A group's copy of the map of CPU ids takes over what the owner published.</summary>
internal static class CpuIdCopy
{
    /// <summary>Takes over the rows of one message.</summary>
    /// <returns>True if the version is complete with it: to be acknowledged.</returns>
    /// <exception cref="SimulationException">Another table, or a change that the copy cannot have: a broken publication.</exception>
    public static bool TakeOver(CpuIdMap copy, in Message message)
    {
        if ((uint)message.Word0 != (uint)PublishedTable.CpuIds)
        {
            throw new SimulationException($"{message.Target} keeps no copy of table {(uint)message.Word0}: {message}");
        }

        for (var i = 0; i < PublishedRows.Count; i++)
        {
            var id = PublishedRows.Get(message.Word2, i);
            var vcpu = (int)message.Word1 + i;

            // The owner has checked it.
            if (id != PublishedRows.Unchanged && copy.TryAssign(vcpu, id) != Errno.Success)
            {
                throw new SimulationException($"{message.Target} cannot take over CPU id {id} for vCPU {vcpu} at {message.Due}: its copy differs from the owner's");
            }
        }

        return PublishedRows.IsLast(in message);
    }
}
